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

/** How apt is to go about it. What is undefined is left to its own configuration. */
export interface AptOptions {
  /** Seconds to wait while another process holds the lock. */
  lockTimeout?: number;
  /** Lists that were fetched less than so many seconds ago are new enough. */
  cacheValid?: number;
  recommends?: boolean;
  /** Suite whose versions are preferred. */
  release?: string;
  /** Install an older version than the one that is there. */
  downgrade?: boolean;
  /** Remove the settings too. */
  purge?: boolean;
  /** Remove dependencies that are needed no more. */
  autoremove?: boolean;
  /** Options of dpkg for settings that were edited, without their dashes. */
  dpkg?: string[];
}

/** What is asked of apt. */
export interface AptWork extends PackageWork, AptOptions {}

/** Seconds that a package manager waits while another one holds its lock. */
export const lockSeconds = 120;

/**
 * Tells what is installed, in one dpkg-query for all packages; each is listed with and without its architecture.
 * A name that is not installed itself may be provided by a package that is.
 */
export function aptProbe(work: AptWork): Sh {
  const { names, state, refresh, release } = work;
  const list = names.map((entry) => entry.name);
  const lines = [
    ...(refresh && state === 'latest' ? [aptRefresh(work), sh`if play_pkg_e=$(play_pkg_refresh 2>&1); then`] : []),
    raw("play_pkg_n='\n'"),
    sh`play_pkg_f='\${Package} \${db:Status-Status} \${Version}\\n\${Package}:\${Architecture} \${db:Status-Status} \${Version}\\n'`,
    sh`play_pkg_a=$play_pkg_n$(dpkg-query -W -f "$play_pkg_f" -- ${list} 2>/dev/null)$play_pkg_n`,
    ...(state === 'absent' ? [] : [provided]),
    ...(state === 'latest' ? [candidates(list, release)] : []),
    state === 'absent' ? (work.purge ? purgedLine : absentLine) : state === 'latest' ? latestLine : presentLine,
    ...names.map(({ name, version }) =>
      version === undefined || state === 'absent' ? sh`play_pkg_line ${name}` : versionLine({ name, version }),
    ),
    ...(refresh && state === 'latest' ? [raw(`else printf '%s\\n' "$play_pkg_e" >&2; (exit 10); fi`)] : []),
  ];
  return joinSh(lines);
}

/** Makes it so. Questions are answered by the packages' defaults, and configuration files that were edited are kept. */
export function aptApply(work: AptWork): Sh {
  const { names, state, refresh } = work;
  const list = names.map((entry) => entry.name);
  if (state === 'absent') return joinSh([installedOf(list, work), sh`${aptGet(work)} remove -- $play_pkg_w`]);
  const run = sh`${aptGet(work)} install -- ${names.map(packageWord)}`;
  // `latest` has fetched the lists to find out what is new.
  return refresh && state === 'present' ? joinSh([aptRefresh(work), sh`play_pkg_refresh && ${run}`]) : run;
}

/** apt-get with its options. Names stand for packages only: apt would else take `libc.` for a regular expression. */
export function aptGet(options: AptOptions): Sh {
  const { lockTimeout = lockSeconds, recommends, release, dpkg = ['force-confdef', 'force-confold'] } = options;
  const words = [
    '-q',
    '-y',
    ...['Dpkg::Use-Pty=0', `DPkg::Lock::Timeout=${lockTimeout}`],
    ...dpkg.map((option) => `Dpkg::Options::=--${option}`),
    'APT::Cmd::Pattern-Only=true',
    ...(recommends === undefined ? [] : [`APT::Install-Recommends=${recommends}`]),
    ...(release === undefined ? [] : [`APT::Default-Release=${release}`]),
    ...(options.downgrade ? ['--allow-downgrades'] : []),
    ...(options.purge ? ['--purge'] : []),
    ...(options.autoremove ? ['--auto-remove'] : []),
  ];
  const spelt = words.flatMap((word) => (word.startsWith('-') ? [word] : ['-o', word]));
  return sh`DEBIAN_FRONTEND=noninteractive apt-get ${spelt}`;
}

/** Leaves only what is installed in play_pkg_w: apt refuses to remove a name that it does not know. */
function installedOf(names: string[], { purge }: AptOptions): Sh {
  const gone = raw(purge ? "''|not-installed*" : "''|config-files*|not-installed*");
  return sh`play_pkg_w=
for play_pkg_x in ${names}; do
case $(dpkg-query -W -f '\${db:Status-Status}' -- "$play_pkg_x" 2>/dev/null) in
${gone}) ;;
*) play_pkg_w="$play_pkg_w $play_pkg_x" ;;
esac
done`;
}

/**
 * play_pkg_refresh, which fetches the lists. apt's own lock timeout is not heeded there, so a held lock is waited for here;
 * a source that cannot be reached is a failure, where apt itself only warns.
 */
export function aptRefresh({ lockTimeout = lockSeconds, cacheValid = 0 }: AptOptions): Sh {
  const skip =
    cacheValid > 0
      ? joinSh([aptAge, raw(`play_pkg_refresh() {\n! play_pkg_fresh ${cacheValid} || return 0`)])
      : raw('play_pkg_refresh() {');
  return sh`${skip}
play_pkg_i=0
until play_pkg_o=$(LC_ALL=C apt-get -q -o APT::Update::Error-Mode=any update 2>&1); do
case $play_pkg_o in
(*'Could not get lock'*|*'Unable to lock'*) ;;
(*) play_pkg_i=${lockTimeout} ;;
esac
if [ "$play_pkg_i" -ge ${lockTimeout} ]; then printf '%s\n' "$play_pkg_o" >&2; return 1; fi
sleep 5
play_pkg_i=$((play_pkg_i + 5))
done
${raw(cacheValid > 0 ? 'play_pkg_touch\n}' : '}')}`;
}

/**
 * play_pkg_fresh SECONDS: whether the lists were fetched within that time. apt leaves the folder's time alone when nothing was new,
 * so play_pkg_touch sets it.
 */
export const aptAge = raw(`play_pkg_lists() {
play_pkg_d=
eval "$(apt-config shell play_pkg_d Dir::State::lists/d play_pkg_s Dir::State/d)"
}
play_pkg_fresh() {
play_pkg_lists
for play_pkg_x in "$play_pkg_d" "$play_pkg_s/periodic/update-success-stamp"; do
play_pkg_m=$(stat -c %Y -- "$play_pkg_x" 2>/dev/null || stat -f %m "$play_pkg_x" 2>/dev/null) || continue
if [ "$(($(date +%s) - play_pkg_m))" -lt "$1" ] && [ -n "$(ls -A "$play_pkg_d" | grep _Packages)" ]; then return 0; fi
done
return 1
}
play_pkg_touch() {
play_pkg_lists
touch -c -- "$play_pkg_d"
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

/** With `purge`, its settings are to go too. */
const purgedLine = raw(`play_pkg_line() {
case $play_pkg_a in
(*"$play_pkg_n$1 not-installed "*) echo "$1 absent" ;;
(*"$play_pkg_n$1 config-files "*) echo "$1 settings left" ;;
(*"$play_pkg_n$1 "*) echo "$1 installed" ;;
(*) echo "$1 absent" ;;
esac
}`);

/** What apt would install: blocks of \`name:\`, \`  Installed: x\`, \`  Candidate: y\`. */
function candidates(names: string[], release: string | undefined): Sh {
  const from = release === undefined ? raw('') : sh`-o ${`APT::Default-Release=${release}`} `;
  return sh`play_pkg_c=$play_pkg_n$(LC_ALL=C apt-cache ${from}policy ${names} 2>/dev/null | sed -n -e '/^[^ ].*:$/{N;N;s/\\n */ /gp;}')$play_pkg_n`;
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
