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
