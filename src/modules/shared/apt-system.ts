import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { type AptOptions, aptAge, aptGet, aptRefresh } from './apt.ts';
import { badArgs, hostPath } from './args.ts';

/** What apt does beside installing packages by name: each a probe, what it is to print, and what makes it so. */
interface SystemWork {
  probe: Sh;
  expect: string;
  apply: Sh;
  trust?: boolean;
}

/** How, and whether the lists are to be fetched first. */
interface Asked extends AptOptions {
  refresh: boolean;
}

/** All packages at their newest version. apt itself says in a rehearsal what it would do. */
export function upgradeWork({ removes, ...options }: Asked & { removes: boolean }): SystemWork {
  const verb = raw(removes ? 'dist-upgrade' : 'upgrade --with-new-pkgs');
  return {
    probe: refreshed(options, rehearsal(sh`${aptGet(options)} -s ${verb}`, 'everything is up to date')),
    expect: 'everything is up to date',
    apply: sh`${aptGet(options)} ${verb}`,
    // Packages may be held back, or phased in later.
    trust: true,
  };
}

/** Dependencies that nothing needs are gone. */
export function autoremoveWork(options: Asked): SystemWork {
  const run = aptGet({ ...options, autoremove: false });
  return {
    probe: refreshed(options, rehearsal(sh`${run} -s autoremove`, 'nothing to remove')),
    expect: 'nothing to remove',
    apply: sh`${run} autoremove`,
  };
}

/** The lists are new enough. */
export function cacheWork(options: AptOptions): SystemWork {
  const { cacheValid = 0 } = options;
  const probe =
    cacheValid === 0
      ? raw("echo 'lists to be fetched'")
      : sh`${aptAge}
if play_pkg_fresh ${cacheValid}; then echo 'lists fetched'; else echo 'lists to be fetched'; fi`;
  return {
    probe,
    expect: 'lists fetched',
    apply: sh`${aptRefresh(options)}
play_pkg_refresh`,
    trust: true,
  };
}

/** The very version that a package file holds. */
export function debWork({ deb, ...options }: Asked & { deb: string }): SystemWork {
  if (deb.includes('://')) {
    throw badArgs('apt', `deb "${deb}" is not a file of the host`, 'fetch it with get_url first');
  }
  const plain = hostPath('apt', 'deb', deb);
  // Without a slash apt would look for a package of that name.
  const path = plain.includes('/') ? plain : `./${plain}`;
  return {
    probe: sh`if [ ! -f ${path} ]; then echo ${`there is no file ${deb} here`} >&2; (exit 10)
elif ! play_pkg_x=$(dpkg-deb -f ${path} Package) || ! play_pkg_y=$(dpkg-deb -f ${path} Version); then (exit 1)
else
case $(dpkg-query -W -f '\${db:Status-Status} \${Version} ' -- "$play_pkg_x" 2>/dev/null) in
(*"installed $play_pkg_y "*) echo installed ;;
(*'installed '*) echo "$play_pkg_x $(dpkg-query -W -f '\${Version} ' -- "$play_pkg_x"), the file has $play_pkg_y" ;;
(*) echo "$play_pkg_x absent, the file has $play_pkg_y" ;;
esac
fi`,
    expect: 'installed',
    apply: joinSh(
      options.refresh
        ? [aptRefresh(options), sh`play_pkg_refresh && ${aptGet(options)} install -- ${path}`]
        : [sh`${aptGet(options)} install -- ${path}`],
    ),
  };
}

/** With fresh lists, where they are asked for. */
function refreshed(options: Asked, probe: Sh): Sh {
  if (!options.refresh) return probe;
  return joinSh([
    aptRefresh(options),
    raw('if play_pkg_e=$(play_pkg_refresh 2>&1); then'),
    probe,
    raw(`else printf '%s\\n' "$play_pkg_e" >&2; (exit 10); fi`),
  ]);
}

/** The lines of a rehearsal that name what would be done, or `nothing`. */
function rehearsal(command: Sh, nothing: string): Sh {
  return sh`if play_pkg_x=$(export LC_ALL=C; ${command}); then
play_pkg_x=$(printf '%s\\n' "$play_pkg_x" | sed -n -e 's/^Inst /install /p' -e 's/^Remv /remove /p' -e 's/^Purg /purge /p')
printf '%s\\n' "\${play_pkg_x:-${raw(nothing)}}"
else (exit 1); fi`;
}
