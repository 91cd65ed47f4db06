import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { initEnabled, initName, type ServiceWork } from './systemd.ts';

/** True where the service is a plain init script. */
export function hasInitScript(name: string): Sh {
  return sh`[ -x ${scriptOf(name)} ]`;
}

/** Prints a line for the state and one for being enabled, each only when it is managed. */
export function initProbe({ name, state, enabled }: ServiceWork): Sh {
  const script = scriptOf(name);
  return joinSh([
    ...(state ? [sh`if ${script} status >/dev/null 2>&1 </dev/null; then echo started; else echo stopped; fi`] : []),
    ...(enabled === undefined ? [] : [initEnabled(name)]),
  ]);
}

/** Enables, then starts or stops, and waits until the script's own \`status\` agrees. */
export function initApply({ name, state, enabled }: ServiceWork): Sh {
  const script = scriptOf(name);
  const running = sh`${script} status >/dev/null 2>&1`;
  const steps: Sh[] = [];
  if (enabled !== undefined) steps.push(enabled ? enable(initName(name)) : disable(initName(name)));
  if (state === 'started') steps.push(sh`{ ${running} || ${script} start; }`);
  if (state === 'stopped') steps.push(sh`{ ! ${running} || ${script} stop; }`);
  if (state === 'restarted') steps.push(sh`${script} restart`);
  if (state === 'reloaded') steps.push(sh`if ${running}; then ${script} reload; else ${script} start; fi`);
  if (state) steps.push(sh`play_svc_settled ${script} ${state === 'stopped' ? 'stopped' : 'started'}`);
  return joinSh([...(state ? [settled] : []), joinSh(steps, ' &&\n')]);
}

function scriptOf(name: string): string {
  return `/etc/init.d/${initName(name)}`;
}

/** A script says what it did before the service is up or gone: its status is asked a second later, and again for a while. */
const settled = raw(`play_svc_settled() {
play_svc_i=0
while [ $play_svc_i -lt 10 ]; do
sleep 1
if "$1" status >/dev/null 2>&1; then play_svc_v=started; else play_svc_v=stopped; fi
if [ "$play_svc_v" = "$2" ]; then return 0; fi
play_svc_i=$((play_svc_i + 1))
done
echo "$1 status says $play_svc_v" >&2
return 1
}`);

function enable(name: string): Sh {
  return sh`if command -v update-rc.d >/dev/null 2>&1; then update-rc.d ${name} defaults && update-rc.d ${name} enable
elif command -v chkconfig >/dev/null 2>&1; then chkconfig ${name} on
else echo ${`no update-rc.d or chkconfig here to enable ${name}`} >&2; false; fi`;
}

function disable(name: string): Sh {
  return sh`if command -v update-rc.d >/dev/null 2>&1; then update-rc.d ${name} disable
elif command -v chkconfig >/dev/null 2>&1; then chkconfig ${name} off
else echo ${`no update-rc.d or chkconfig here to disable ${name}`} >&2; false; fi`;
}
