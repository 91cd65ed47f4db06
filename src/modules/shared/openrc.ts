import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { initName, type ServiceWork } from './systemd.ts';

/** True where OpenRC knows a service of this name. Its programs alone do not make a host one of OpenRC. */
export function underOpenrc(name: string): Sh {
  return sh`command -v rc-service >/dev/null 2>&1 && [ -d /etc/runlevels ] && rc-service -e ${initName(name)}`;
}

/** Prints a line for the state and one for being enabled in the runlevel, each only when it is managed. */
export function openrcProbe({ name, state, enabled, runlevel = 'default' }: ServiceWork): Sh {
  const service = initName(name);
  const link = `/etc/runlevels/${runlevel}/${service}`;
  return joinSh([
    ...(state ? [stateOf, sh`play_svc_look ${service}; echo "$play_svc_v"`] : []),
    ...(enabled === undefined
      ? []
      : [sh`if [ -e ${link} ] || [ -L ${link} ]; then echo enabled; else echo disabled; fi`]),
  ]);
}

/** Enables, then starts or stops, and waits until OpenRC agrees. A crashed service has to be forgotten before anything else can be done with it. */
export function openrcApply({ name, state, enabled, runlevel = 'default' }: ServiceWork): Sh {
  const service = initName(name);
  const does = (verb: string) => sh`rc-service ${service} ${verb}`;
  const steps: Sh[] = [];
  if (enabled !== undefined) {
    const link = `/etc/runlevels/${runlevel}/${service}`;
    const there = sh`[ -e ${link} ] || [ -L ${link} ]`;
    steps.push(
      enabled
        ? sh`{ ${there} || rc-update -q add ${service} ${runlevel}; }`
        : sh`{ ! { ${there}; } || rc-update -q delete ${service} ${runlevel}; }`,
    );
  }
  if (state) {
    steps.push(
      sh`{ play_svc_look ${service}; [ "$play_svc_v" != crashed ] || { ${does('zap')} && play_svc_v=stopped; }; }`,
    );
    if (state === 'started') steps.push(sh`{ [ "$play_svc_v" = started ] || ${does('start')}; }`);
    if (state === 'stopped') steps.push(sh`{ [ "$play_svc_v" = stopped ] || ${does('stop')}; }`);
    if (state === 'restarted') steps.push(does('restart'));
    if (state === 'reloaded')
      steps.push(sh`case $play_svc_v in started) ${does('reload')} ;; *) ${does('start')} ;; esac`);
    steps.push(sh`play_svc_settled ${service} ${state === 'stopped' ? 'stopped' : 'started'}`);
  }
  return joinSh([...(state ? [stateOf, settled] : []), joinSh(steps, ' &&\n')]);
}

/** Sets play_svc_v. The numbers are those of OpenRC's \`default_status\`; an own \`status\` has only 0 and something else. */
const stateOf = raw(`play_svc_look() {
rc-service "$1" status >/dev/null 2>&1 </dev/null
case $? in
(0) play_svc_v=started ;;
(4) play_svc_v=stopping ;;
(8) play_svc_v=starting ;;
(16) play_svc_v=inactive ;;
(32) play_svc_v=crashed ;;
(*) play_svc_v=stopped ;;
esac
}`);

/** Many services die right after the start: it is looked at a second later, and again for a while. */
const settled = raw(`play_svc_settled() {
play_svc_i=0
while [ $play_svc_i -lt 10 ]; do
sleep 1
play_svc_look "$1"
if [ "$play_svc_v" = "$2" ]; then return 0; fi
play_svc_i=$((play_svc_i + 1))
done
echo "rc-service $1 status says $play_svc_v" >&2
return 1
}`);
