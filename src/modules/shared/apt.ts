import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { type PackageName, type PackageState, packageWord } from './packages.ts';

/** What is asked of a package manager. */
export interface PackageWork {
  names: PackageName[];
  state: PackageState;
  /** Fetch the lists of packages first; false in check mode, which changes nothing. */
  refresh: boolean;
}

/** Seconds that a package manager waits while another one holds its lock. */
export const lockSeconds = 120;

/**
 * Tells what is installed, in one dpkg-query for all packages; each is listed with and without its architecture.
 * A name that is not installed itself may be provided by a package that is.
 */
export function aptProbe({ names, state, refresh }: PackageWork): Sh {
  const list = names.map((entry) => entry.name);
  const lines = [
    ...(refresh && state === 'latest' ? [aptRefresh, sh`if play_pkg_e=$(play_pkg_refresh 2>&1); then`] : []),
    raw("play_pkg_n='\n'"),
    sh`play_pkg_f='\${Package} \${db:Status-Status} \${Version}\\n\${Package}:\${Architecture} \${db:Status-Status} \${Version}\\n'`,
    sh`play_pkg_a=$play_pkg_n$(dpkg-query -W -f "$play_pkg_f" -- ${list} 2>/dev/null)$play_pkg_n`,
    ...(state === 'absent' ? [] : [provided]),
    ...(state === 'latest' ? [candidates(list)] : []),
    state === 'absent' ? absentLine : state === 'latest' ? latestLine : presentLine,
    ...names.map(({ name, version }) =>
      version === undefined || state === 'absent' ? sh`play_pkg_line ${name}` : versionLine({ name, version }),
    ),
    ...(refresh && state === 'latest' ? [raw(`else printf '%s\\n' "$play_pkg_e" >&2; (exit 10); fi`)] : []),
  ];
  return joinSh(lines);
}

/** Makes it so. Questions are answered by the packages' defaults, and configuration files that were edited are kept. */
export function aptApply({ names, state, refresh }: PackageWork): Sh {
  if (state === 'absent')
    return joinSh([installedOf(names.map((entry) => entry.name)), sh`${aptGet} remove -- $play_pkg_w`]);
  const run = sh`${aptGet} install -- ${names.map(packageWord)}`;
  // `latest` has fetched the lists to find out what is new.
  return refresh && state === 'present' ? joinSh([aptRefresh, sh`play_pkg_refresh && ${run}`]) : run;
}

/** Names stand for packages only: apt would else take `libc.` for a regular expression. */
const aptGet = sh`DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=${lockSeconds} -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o APT::Cmd::Pattern-Only=true`;

/** Leaves only what is installed in play_pkg_w: apt refuses to remove a name that it does not know. */
function installedOf(names: string[]): Sh {
  return sh`play_pkg_w=
for play_pkg_x in ${names}; do
case $(dpkg-query -W -f '\${db:Status-Status}' -- "$play_pkg_x" 2>/dev/null) in
''|config-files*|not-installed*) ;;
*) play_pkg_w="$play_pkg_w $play_pkg_x" ;;
esac
done`;
}

/** apt's own lock timeout is not heeded for the lists, so a held lock is waited for here. */
const aptRefresh = raw(`play_pkg_refresh() {
play_pkg_i=0
until play_pkg_o=$(LC_ALL=C apt-get -q update 2>&1); do
case $play_pkg_o in
(*'Could not get lock'*|*'Unable to lock'*) ;;
(*) play_pkg_i=${lockSeconds} ;;
esac
if [ "$play_pkg_i" -ge ${lockSeconds} ]; then printf '%s\\n' "$play_pkg_o" >&2; return 1; fi
sleep 5
play_pkg_i=$((play_pkg_i + 5))
done
}`);

/** Names that installed packages provide, asked for only when a name is not installed itself. */
const provided = raw(`play_pkg_v=
play_pkg_provided() {
if [ -z "$play_pkg_v" ]; then play_pkg_v=,$(dpkg-query -W -f '\${db:Status-Status}, \${Provides},\\n' 2>/dev/null | grep '^installed, [^,]'); fi
case $play_pkg_v in
(*", $1,"*|*", $1 ("*) return 0 ;;
esac
return 1
}
play_pkg_installed() {
case $play_pkg_a in
(*"$play_pkg_n$1 installed "*|*"$play_pkg_n$1 triggers-"*) return 0 ;;
(*"$play_pkg_n$1 half-"*|*"$play_pkg_n$1 unpacked "*) return 1 ;;
esac
play_pkg_provided "$1"
}`);

const presentLine = raw(`play_pkg_line() {
if play_pkg_installed "$1"; then echo "$1 installed"; else echo "$1 absent"; fi
}`);

/** A package of which only the settings are left is not there. */
const absentLine = raw(`play_pkg_line() {
case $play_pkg_a in
(*"$play_pkg_n$1 config-files "*|*"$play_pkg_n$1 not-installed "*) echo "$1 absent" ;;
(*"$play_pkg_n$1 "*) echo "$1 installed" ;;
(*) echo "$1 absent" ;;
esac
}`);

/** What apt would install: blocks of \`name:\`, \`  Installed: x\`, \`  Candidate: y\`. */
function candidates(names: string[]): Sh {
  return sh`play_pkg_c=$play_pkg_n$(LC_ALL=C apt-cache policy ${names} 2>/dev/null | sed -n -e '/^[^ ].*:$/{N;N;s/\\n */ /gp;}')$play_pkg_n`;
}

/** \`latest\` also when apt has no candidate or the package is only provided by another: there is nothing newer to install. */
const latestLine = raw(`play_pkg_line() {
play_pkg_x=\${play_pkg_c#*"$play_pkg_n$1: "}
play_pkg_x=\${play_pkg_x%%"$play_pkg_n"*}
play_pkg_y=\${play_pkg_x#*Candidate: }
play_pkg_x=\${play_pkg_x#Installed: }
play_pkg_x=\${play_pkg_x%% *}
if ! play_pkg_installed "$1"; then echo "$1 absent"
else
case $play_pkg_a in
(*"$play_pkg_n$1 installed "*|*"$play_pkg_n$1 triggers-"*)
case $play_pkg_y in
("$play_pkg_x"|'(none)') echo "$1 latest" ;;
(*) echo "$1 $play_pkg_x, latest is $play_pkg_y" ;;
esac ;;
(*) echo "$1 latest" ;;
esac
fi
}`);

/** The wanted version when it is there (\`*\` at its end stands for the rest), else the one that is. */
function versionLine({ name, version }: { name: string; version: string }): Sh {
  const rest = version.endsWith('*') ? raw('*') : raw('"$play_pkg_n"*');
  const start = version.replace(/\*$/, '');
  return sh`case $play_pkg_a in
(*"$play_pkg_n"${`${name} installed ${start}`}${rest}) echo ${`${name} ${version}`} ;;
(*"$play_pkg_n"${`${name} installed `}*) play_pkg_x=\${play_pkg_a#*"$play_pkg_n"${`${name} installed `}}; echo ${name} "\${play_pkg_x%%"$play_pkg_n"*}" ;;
(*) echo ${`${name} absent`} ;;
esac`;
}
