import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Shells that a host's /bin/sh may be, with the program that plays them. */
const known: Record<string, string> = { dash: 'dash', bash: 'bash', ash: 'busybox', mksh: 'mksh', zsh: 'zsh' };

/** The shells of this machine, each by a path whose last part is its name (busybox looks at that). */
export function findShells(): {
  shells: [name: string, path: string][];
  /** PATH of the sessions of a shell: where it is busybox's, all tools are too, beside the few that are named. */
  pathOf(shell: string, tools: readonly string[]): string;
  remove(): void;
} {
  const dir = mkdtempSync(join(tmpdir(), 'play-shells-'));
  const shells = Object.entries(known).flatMap(([name, program]): [string, string][] => {
    const found = findProgram(program);
    if (found === undefined) return [];
    symlinkSync(found, join(dir, name));
    return [[name, join(dir, name)]];
  });
  return {
    shells,
    pathOf: (shell, tools) =>
      shell === 'ash'
        ? busyboxOnly(join(dir, ['tools', ...new Set(tools)].join('+')), tools)
        : (process.env['PATH'] ?? ''),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A folder with the tools of busybox and nothing else. */
function busyboxOnly(dir: string, tools: readonly string[]): string {
  const busybox = findProgram('busybox') ?? '';
  if (!existsSync(dir)) {
    mkdirSync(dir);
    const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n').filter(Boolean);
    for (const applet of applets) symlinkSync(busybox, join(dir, applet));
  }
  for (const tool of tools) {
    const found = findProgram(tool);
    if (found === undefined) throw new Error(`${tool} is not installed`);
    rmSync(join(dir, tool), { force: true });
    symlinkSync(found, join(dir, tool));
  }
  return dir;
}

function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
