import type { Sh } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';

/** How an archive is read and written: by its name, as people tell them apart. */
export type Archive = 'zip' | 'tar';

/** What a name says of the archive. */
export function archiveOf(name: string): Archive {
  return /\.(zip|jar|war|whl|ear)$/i.test(name) ? 'zip' : 'tar';
}

/** Prints the names of the members, a line each. */
export function listMembers(kind: Archive, src: Sh): Sh {
  // Both unzips print a table with "length date time name".
  return kind === 'tar'
    ? sh`tar -tf ${src}`
    : sh`unzip -l ${src} | awk '/^ *[0-9]+ +[0-9-]+ +[0-9:]+ +/ { sub(/^ *[0-9]+ +[0-9-]+ +[0-9:]+ +/, ""); print }'`;
}

/** Unpacks into a folder that is there. */
export function unpack(kind: Archive, src: Sh, dest: Sh): Sh {
  return kind === 'tar' ? sh`tar -xf ${src} -C ${dest}` : sh`unzip -qo ${src} -d ${dest}`;
}

/** A member that would be written outside of the folder, if there is one among these. */
export function unsafeMember(names: readonly string[]): string | undefined {
  return names.find((name) => name.startsWith('/') || name.split(/[\\/]/).includes('..'));
}

/** The same test on the host: prints the first such name of those on standard input. */
export const unsafeLine = raw(`grep -e '^/' -e '^\\.\\.$' -e '^\\.\\./' -e '/\\.\\./' -e '/\\.\\.$' | head -n 1`);
