import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { lockSeconds, type PackageWork } from './apt.ts';
import { afterFetch, type PackageName, packageWord, upToDate } from './packages.ts';

/** Where apk is to look. */
export interface ApkOptions {
  /** Addresses beside those of the host. */
  repositories?: string[];
  /** Fresh indexes, and nothing is kept. */
  noCache?: boolean;
}

/** All packages at their newest version; with `available` at that of the repositories, though it be older. */
export function apkUpgrade(work: ApkOptions & { refresh: boolean; available: boolean }): { probe: Sh; apply: Sh } {
  const { refresh, available } = work;
  const update = refresh ? sh`apk --wait ${lockSeconds} -q update` : undefined;
  // The lists name what differs: `<` an older version than there is, `>` a newer one.
  const list = upToDate(raw(`apk version -q -l '${available ? '<>' : '<'}'`));
  return {
    probe: afterFetch(update, list),
    apply: sh`apk --wait ${lockSeconds} --no-progress${optionWords(work)} upgrade${raw(available ? ' --available' : '')}`,
  };
}

/** Tells what is installed; apk itself compares versions, and what is newer in its lists. */
export function apkProbe({ names, state, refresh }: PackageWork): Sh {
  const lines = names.map((entry) =>
    entry.version !== undefined && state !== 'absent'
      ? versionLine(entry)
      : state === 'latest'
        ? latestLine(entry)
        : plainLine(entry),
  );
  if (!refresh || state !== 'latest') return joinSh(lines);
  const update = sh`if play_pkg_e=$(apk --wait ${lockSeconds} -q update 2>&1); then`;
  return joinSh([update, ...lines, raw(`else printf '%s\\n' "$play_pkg_e" >&2; (exit 10); fi`)]);
}

/** Makes it so. */
export function apkApply(work: PackageWork & ApkOptions): Sh {
  const { names, state, refresh } = work;
  if (state === 'absent') return sh`apk --wait ${lockSeconds} --no-progress del ${names.map((entry) => entry.name)}`;
  const words = names.map(apkWord);
  const update = raw(refresh && state === 'present' ? ' --update-cache' : '');
  const upgrade = raw(state === 'latest' ? ' --upgrade' : '');
  return sh`apk --wait ${lockSeconds} --no-progress${optionWords(work)} add${update}${upgrade} ${words}`;
}

function optionWords({ repositories = [], noCache = false }: ApkOptions): Sh {
  const words = repositories.flatMap((repository) => ['--repository', repository]);
  return words.length === 0 && !noCache ? raw('') : sh` ${[...(noCache ? ['--no-cache'] : []), ...words]}`;
}

function plainLine({ name }: PackageName): Sh {
  return sh`if apk info -e ${name} >/dev/null 2>&1; then echo ${`${name} installed`}; else echo ${`${name} absent`}; fi`;
}

function latestLine({ name }: PackageName): Sh {
  return sh`if ! apk info -e ${name} >/dev/null 2>&1; then echo ${`${name} absent`}
elif [ -n "$(apk version -q -l '<' ${name} 2>/dev/null)" ]; then echo ${name} "$(apk info -e -v ${name} 2>/dev/null), a newer one is there"
else echo ${`${name} latest`}; fi`;
}

function versionLine(entry: PackageName): Sh {
  const { name, version = '' } = entry;
  return sh`if apk info -e ${apkWord(entry)} >/dev/null 2>&1; then echo ${`${name} ${version}`}
else echo ${name} "$(apk info -e -v ${name} 2>/dev/null || echo absent)"; fi`;
}

/** apk's `~` compares only as much of a version as is written, which is what `*` at the end asks for. */
function apkWord(entry: PackageName): string {
  const start = entry.version?.endsWith('*') ? entry.version.slice(0, -1).replace(/\.$/, '') : undefined;
  return start === undefined ? packageWord(entry) : `${entry.name}~${start}`;
}
