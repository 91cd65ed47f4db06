import type { Sh } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';
import { badArgs } from './args.ts';

/** One package that is asked for. */
export interface PackageName {
  name: string;
  /** Wanted version; `*` at its end stands for the rest. */
  version?: string;
}

/**
 * Reads `nginx`, `nginx=1.24*`, a list of them or several joined by commas. What a package manager could take for an option
 * or for more than a name is refused: a leading `-`, and apt's `name-` (remove it) and patterns.
 */
export function packageNames(module: string, name: string | string[]): PackageName[] {
  const words = [name].flat().flatMap((text) => text.split(',').map((word) => word.trim()));
  const found = new Map<string, PackageName>();
  for (const word of words.filter((text) => text !== '')) {
    const parts = /^([A-Za-z0-9][A-Za-z0-9.+:_@-]*?)(?:=([A-Za-z0-9][A-Za-z0-9.+:~_-]*\*?))?$/.exec(word);
    if (!parts || parts[1]?.endsWith('-')) {
      throw badArgs(
        module,
        `"${word}" is not the name of a package`,
        'a name is letters, digits, ".", "+" and "-"; a version goes behind "="',
      );
    }
    const [, plain = '', version] = parts;
    const first = found.get(plain);
    if (first && first.version !== version) throw badArgs(module, `"${plain}" is named twice, with different versions`);
    found.set(plain, { name: plain, ...(version !== undefined && { version }) });
  }
  return [...found.values()];
}

/** What is asked of the packages. */
export type PackageState = 'present' | 'latest' | 'absent';

/** The line a probe prints for a package when nothing is to be done. */
export function wantedLine({ name, version }: PackageName, state: PackageState): string {
  if (state === 'absent') return `${name} absent`;
  if (version !== undefined) return `${name} ${version}`;
  return `${name} ${state === 'latest' ? 'latest' : 'installed'}`;
}

/** How the package manager takes a package: `name` or `name=version`. */
export function packageWord({ name, version }: PackageName): string {
  return version === undefined ? name : `${name}=${version}`;
}

/** Words of a list, or of a text that joins them by commas. */
export function listed(words: string | string[] = []): string[] {
  const all = typeof words === 'string' ? words.split(',') : words;
  return all.map((word) => word.trim()).filter((word) => word !== '');
}

/** A probe that needs a program; without it nothing can be told (status 10). */
export function withProgram(program: string, probe: Sh): Sh {
  return sh`if command -v ${program} >/dev/null 2>&1; then
${probe}
else echo ${`no ${program} here`} >&2; (exit 10)
fi`;
}

/** Runs a probe once the lists of packages have been fetched; status 10 and the words of the fetch where that fails. */
export function afterFetch(fetch: Sh | undefined, probe: Sh): Sh {
  if (fetch === undefined) return probe;
  return sh`if play_pkg_e=$(${fetch} 2>&1); then
${probe}
else printf '%s\\n' "$play_pkg_e" >&2; (exit 10)
fi`;
}

/** What the probe of `upToDate` prints when nothing is to be done. */
export const allNew = 'everything is up to date';

/** Prints the lines of a command that lists what is outdated, as a filter leaves them, or `allNew`. The probe fails as the command does. */
export function upToDate(command: Sh, filter?: Sh): Sh {
  const kept = filter === undefined ? raw('') : sh`play_pkg_u=$(printf '%s\\n' "$play_pkg_u" | ${filter})\n`;
  return sh`if play_pkg_u=$(${command}); then
${kept}printf '%s\\n' "\${play_pkg_u:-${raw(allNew)}}"
else (exit 1)
fi`;
}
