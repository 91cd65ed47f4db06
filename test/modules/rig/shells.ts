import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Shells that a host's /bin/sh may be, with the program that plays them. */
const known: Record<string, string> = { dash: 'dash', bash: 'bash', ash: 'busybox', mksh: 'mksh', zsh: 'zsh' };

/** Families of tools beside those of this machine, by the name of their host, with the shell they are tried in. */
const families: Record<string, string> = { toybox: 'mksh', bsd: 'dash' };

/** The tools of each host that has only those, by name. */
const toolsOf: Record<string, () => Record<string, string>> = {
  ash: () => applets('busybox', ['--list']),
  // Debian builds toybox without some of what it has; busybox stands in for those, and mksh for its shell.
  toybox: () => {
    const others = Object.entries(applets('busybox', ['--list']));
    const lacking = ['awk', 'bzip2', 'dd', 'diff', 'expr', 'gzip', 'tr', 'unzip', 'xz'];
    const lent = Object.fromEntries(others.filter(([name]) => lacking.includes(name)));
    return { ...lent, ...applets('toybox', []), sh: findProgram('mksh') ?? '' };
  },
  // Scripts stand for the tools that differ: they refuse what BSD's do not have. The others are POSIX's, whoever made them.
  bsd: () => {
    const posix =
      'awk basename cat cksum comm cut dd df dirname du env expr false id join kill ls nice nohup od openssl paste ps pwd';
    const more = 'printf sleep sort split tee test tr true tty uname uniq who xargs [';
    const folder = fileURLToPath(new URL('bsd', import.meta.url));
    return {
      ...Object.fromEntries(`${posix} ${more}`.split(' ').map((name) => [name, findProgram(name) ?? ''])),
      ...Object.fromEntries(readdirSync(folder).map((name) => [name, join(folder, name)])),
      sh: findProgram('dash') ?? '',
    };
  },
};

/** The shells of this machine, each by a path whose last part is its name (busybox looks at that). */
export function findShells(): {
  shells: [name: string, path: string][];
  /** Shells with the tools of another family than this machine's and busybox's. */
  families: [name: string, path: string][];
  /** PATH of the sessions of a shell: where it is busybox's or stands for a family, only the tools of that are, and the few that are named. */
  pathOf(shell: string, tools: readonly string[]): string;
  /** Where all of this is, for its owner alone. */
  dir: string;
  remove(): void;
} {
  const dir = mkdtempSync(join(tmpdir(), 'play-shells-'));
  const linked = (programs: Record<string, string>): [string, string][] =>
    Object.entries(programs).flatMap(([name, program]): [string, string][] => {
      const found = findProgram(program);
      if (found === undefined) return [];
      symlinkSync(found, join(dir, name));
      return [[name, join(dir, name)]];
    });
  return {
    shells: linked(known),
    families: linked(families).filter(([name]) => name !== 'toybox' || findProgram('toybox') !== undefined),
    pathOf(shell, tools) {
      const own = toolsOf[shell];
      if (own === undefined) return process.env['PATH'] ?? '';
      return folderOf(join(dir, [shell, 'tools', ...new Set(tools)].join('+')), own, tools);
    },
    dir,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A folder with these tools and nothing else. */
function folderOf(dir: string, own: () => Record<string, string>, tools: readonly string[]): string {
  if (!existsSync(dir)) {
    mkdirSync(dir);
    for (const [name, program] of Object.entries(own())) symlinkSync(program, join(dir, name));
  }
  for (const tool of tools) {
    const found = findProgram(tool);
    if (found === undefined) throw new Error(`${tool} is not installed`);
    rmSync(join(dir, tool), { force: true });
    symlinkSync(found, join(dir, tool));
  }
  return dir;
}

/** What a program that is many does, by the names it goes by. */
function applets(program: string, list: string[]): Record<string, string> {
  const path = findProgram(program) ?? '';
  const names = execFileSync(path, list, { encoding: 'utf8' }).split(/\s+/).filter(Boolean);
  return Object.fromEntries(names.map((name) => [name, path]));
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
