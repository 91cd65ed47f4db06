import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';

/** What is asked of a service. */
export interface ServiceWork {
  name: string;
  state?: 'started' | 'stopped' | 'restarted' | 'reloaded';
  enabled?: boolean;
  /** Of OpenRC, in which it is enabled or not. */
  runlevel?: string;
  /** A masked unit cannot be started by anything. */
  masked?: boolean;
  /** The unit's files have to be the ones that systemd has read. */
  read?: boolean;
  /** Units of the task's user, not of the system. */
  ofUser?: boolean;
  /** Do not wait until a started or stopped unit has settled. */
  noBlock?: boolean;
}

/** True where systemd runs the host. */
export const underSystemd = raw('[ -d /run/systemd/system ]');

/** systemctl for the units that are meant. A session that is no login has no XDG_RUNTIME_DIR, where the user's systemd listens. */
export function systemctl({ ofUser }: Pick<ServiceWork, 'ofUser'>): Sh {
  return raw(ofUser ? 'XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$(id -u)}" systemctl --user' : 'systemctl');
}

/** Prints a line for each of what is managed: read files, masked, state, enabled. Status 10 when there is no such unit. */
export function systemdProbe(work: ServiceWork): Sh {
  const lines = [
    ...(work.read ? [readLine] : []),
    ...(work.masked === undefined ? [] : [maskedLine]),
    ...(work.state ? [work.state === 'stopped' ? stoppedLine : startedLine] : []),
    ...(work.enabled === undefined ? [] : [enabledLine(work)]),
  ];
  return joinSh([
    reader(work),
    sh`play_svc_read ${work.name}`,
    sh`if play_svc_missing ${work.name}; then echo ${`there is no service ${work.name}`} >&2; (exit 10); else`,
    ...lines,
    raw('fi'),
  ]);
}

/** Reloads systemd's own files when they have changed, enables, then starts or stops, and waits until the service has settled. */
export function systemdApply(work: ServiceWork): Sh {
  const { name, state, enabled, masked, noBlock } = work;
  const ctl = systemctl(work);
  const steps = [
    work.read ? sh`${ctl} daemon-reload` : sh`{ [ "$play_svc_stale" != yes ] || ${ctl} daemon-reload; }`,
    ...(masked === undefined ? [] : [sh`${ctl} ${masked ? 'mask' : 'unmask'} -- ${name}`]),
    ...(enabled === undefined ? [] : [sh`${ctl} ${enabled ? 'enable' : 'disable'} -- ${name}`]),
  ];
  if (state === 'stopped') steps.push(sh`${ctl} stop${noBlock ? raw(' --no-block') : raw('')} -- ${name}`);
  if (state === 'started') steps.push(sh`play_svc_up start ${name}`);
  if (state === 'restarted') steps.push(sh`play_svc_up restart ${name}`);
  if (state === 'reloaded')
    steps.push(sh`case $play_svc_active in active) play_svc_up reload ${name} ;; *) play_svc_up start ${name} ;; esac`);
  return joinSh([
    reader(work),
    ...(state === 'stopped' || state === undefined ? [] : [noBlock ? enqueue(work) : settle(work)]),
    sh`play_svc_read ${name}`,
    sh`if play_svc_missing ${name}; then echo ${`there is no service ${name}`} >&2; false; else`,
    joinSh(steps, ' &&\n'),
    raw('fi'),
  ]);
}

/**
 * One `systemctl show` for everything. A unit whose file was written a moment ago may not be known to an older systemd yet:
 * then it counts as there, stopped and disabled, and systemd has to read its files again.
 */
const reader = (work: ServiceWork) => sh`play_svc_nl='
'
play_svc_get() {
play_svc_v=\${play_svc_o#*"$play_svc_nl$1="}
if [ "$play_svc_v" = "$play_svc_o" ]; then play_svc_v=; fi
play_svc_v=\${play_svc_v%%"$play_svc_nl"*}
}
play_svc_read() {
play_svc_o=$play_svc_nl$(${systemctl(work)} show --property=LoadState,ActiveState,Type,Result,UnitFileState,MainPID,NeedDaemonReload -- "$1")$play_svc_nl
play_svc_get LoadState; play_svc_load=$play_svc_v
play_svc_get ActiveState; play_svc_active=$play_svc_v
play_svc_get Type; play_svc_type=$play_svc_v
play_svc_get Result; play_svc_result=$play_svc_v
play_svc_get UnitFileState; play_svc_file=$play_svc_v
play_svc_get MainPID; play_svc_pid=$play_svc_v
play_svc_get NeedDaemonReload; play_svc_stale=$play_svc_v
}
play_svc_missing() {
[ "$play_svc_load" = not-found ] || return 1
for play_svc_d in /etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
if [ -e "$play_svc_d/$1" ] || [ -e "$play_svc_d/$1.service" ]; then play_svc_stale=yes; return 1; fi
done
}`;

const readLine = raw('if [ "$play_svc_stale" = yes ]; then echo "files changed"; else echo "files read"; fi');

const maskedLine = raw('case $play_svc_file in (masked|masked-runtime) echo masked ;; (*) echo unmasked ;; esac');

const startedLine = raw(`case $play_svc_active in
(active|reloading|refreshing) echo started ;;
(inactive) echo stopped ;;
(*) echo "$play_svc_active" ;;
esac`);

/** A failed service does not run. */
const stoppedLine = raw(`case $play_svc_active in
(inactive|failed) echo stopped ;;
(active) echo started ;;
(*) echo "$play_svc_active" ;;
esac`);

/** Units that cannot be enabled or disabled by themselves (static, alias, indirect) are as they should be. */
function enabledLine({ name, enabled }: ServiceWork): Sh {
  const wanted = enabled ? 'enabled' : 'disabled';
  return sh`case $play_svc_file in
(enabled|enabled-runtime) echo enabled ;;
(static|alias|indirect) echo ${wanted} ;;
(generated) ${initEnabled(name)} ;;
(*) echo disabled ;;
esac`;
}

/** Whether an init script is started at boot, by the links of System V. */
export function initEnabled(name: string): Sh {
  const bare = initName(name);
  return sh`play_svc_v=disabled
for play_svc_d in /etc/rc[2345S].d/S[0-9][0-9]${bare} /etc/rc.d/rc[2345S].d/S[0-9][0-9]${bare}; do
if [ -e "$play_svc_d" ] || [ -L "$play_svc_d" ]; then play_svc_v=enabled; fi
done
echo "$play_svc_v"`;
}

/** The name of the init script that goes with a unit. */
export function initName(name: string): string {
  return name.replace(/\.service$/, '');
}

/**
 * A service has started when it is active twice in a second with the same main process: many die, or are started again, right after
 * \`systemctl start\` has said yes. A oneshot unit that ran to its end without a failure has done what it is for.
 */
const settle = (work: ServiceWork) => sh`play_svc_up() {
if ${systemctl(work)} "$1" -- "$2"; then
if play_svc_settle "$2"; then return 0; fi
echo "$2 did not stay up: it is $play_svc_active ($play_svc_result)" >&2
fi
${systemctl(work)} status --no-pager --full --lines=10 -- "$2" >&2
return 1
}
play_svc_settle() {
play_svc_i=0 play_svc_p=
while [ $play_svc_i -lt 10 ]; do
play_svc_read "$1"
case $play_svc_active in
active)
if [ "$play_svc_p" = "pid $play_svc_pid" ]; then return 0; fi
play_svc_p="pid $play_svc_pid" ;;
inactive)
[ "$play_svc_type$play_svc_result" = oneshotsuccess ]
return ;;
failed) return 1 ;;
*) play_svc_p= ;;
esac
sleep 1
play_svc_i=$((play_svc_i + 1))
done
return 1
}`;

/** Only asks systemd to do it. */
const enqueue = (work: ServiceWork) => sh`play_svc_up() {
${systemctl(work)} "$1" --no-block -- "$2"
}`;
