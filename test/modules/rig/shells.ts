import { accessSync, constants, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Shells that a host's /bin/sh may be, with the program that plays them. */
const known: Record<string, string> = { dash: 'dash', bash: 'bash', ash: 'busybox', mksh: 'mksh', zsh: 'zsh' };

/** The shells of this machine, each by a path whose last part is its name (busybox looks at that). */
export function findShells(): { shells: [name: string, path: string][]; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'play-shells-'));
  const shells: [string, string][] = [];
  for (const [name, program] of Object.entries(known)) {
    const found = (process.env['PATH'] ?? '').split(delimiter).find((folder) => isProgram(join(folder, program)));
    if (found === undefined) continue;
    symlinkSync(join(found, program), join(dir, name));
    shells.push([name, join(dir, name)]);
  }
  return { shells, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
