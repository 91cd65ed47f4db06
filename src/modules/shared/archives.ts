import { posix } from 'node:path';
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

/**
 * Unpacks beside and moves each file to its place, so that none is lost where the disk is full; directories that are there keep what else they
 * hold. `dest` is a directory.
 */
export function unpackOver(kind: Archive, src: Sh, dest: string): Sh {
  return sh`play_ua_move() {
for play_ua_f in "$1"/* "$1"/.[!.]* "$1"/..?*; do
if [ ! -e "$play_ua_f" ] && [ ! -L "$play_ua_f" ]; then :
elif [ -d "$play_ua_f" ] && [ ! -L "$play_ua_f" ] && [ -d "$2/\${play_ua_f##*/}" ]; then (play_ua_move "$play_ua_f" "$2/\${play_ua_f##*/}") || return
else mv -f -- "$play_ua_f" "$2/" || return; fi
done
}
play_ua_t=${posix.join(dest, '.play-ua-')}$play_K
mkdir -m 700 -- "$play_ua_t" && ${unpack(kind, src, raw('"$play_ua_t"'))} && chmod u+rwx "$play_ua_t" && play_ua_move "$play_ua_t" ${dest}
play_ua_z=$?
rm -rf -- "$play_ua_t"
(exit $play_ua_z)`;
}

/** A member that would be written outside of the folder, if there is one among these. */
export function unsafeMember(names: readonly string[]): string | undefined {
  return names.find((name) => name.startsWith('/') || name.split(/[\\/]/).includes('..'));
}

/** The same test on the host: prints the first such name of those on standard input. */
export const unsafeLine = raw(`grep -e '^/' -e '^\\.\\.$' -e '^\\.\\./' -e '/\\.\\./' -e '/\\.\\.$' | head -n 1`);
