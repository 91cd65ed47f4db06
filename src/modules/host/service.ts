import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource, Sh } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { hasInitScript, initApply, initProbe } from '../shared/init-script.ts';
import { openrcApply, openrcProbe, underOpenrc } from '../shared/openrc.ts';
import { flag } from '../shared/params.ts';
import { type ServiceWork, systemdApply, systemdProbe, underSystemd } from '../shared/systemd.ts';

const params = Type.Object(
  {
    name: Type.String({
      description:
        'The service: a systemd unit (`nginx`, `nginx.service`, `backup.timer`), a service of OpenRC, or the name of an init script.',
      pattern: '^[A-Za-z0-9_][A-Za-z0-9:_.@\\\\-]*$',
    }),
    state: Type.Optional(
      Type.Enum(['started', 'stopped', 'restarted', 'reloaded'], {
        description:
          '`started` and `stopped` act only when needed. `restarted` and `reloaded` act each time, and start a service that is stopped. A start counts when the service has stayed up for a second. A oneshot unit is stopped once it has run, so `started` runs it each time.',
      }),
    ),
    enabled: Type.Optional(flag('Whether the service starts when the host does.')),
    runlevel: Type.Optional(
      Type.String({
        description: 'Where OpenRC runs the host: the runlevel that `enabled` is about. Others are left.',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
        default: 'default',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Services of systemd, of OpenRC, or of plain init scripts where neither runs the host. */
export const service = {
  name: 'service',
  on: 'host',
  summary:
    'A service runs or is stopped, and starts with the host or does not. By systemd where it runs, else by `rc-service` and `rc-update` of OpenRC, else by the init script itself.',
  params,
  result: { name: 'The service.', state: 'The state that was asked for; empty when none was.' },
  examples: [
    { service: { name: 'nginx', state: 'started', enabled: true } },
    { service: { name: 'nginx', state: 'reloaded' } },
    { service: { name: 'apt-daily.timer', state: 'stopped', enabled: false } },
    { service: { name: 'nftables', enabled: true, runlevel: 'boot' } },
  ],
  idempotent: true,
  requireOne: [['state', 'enabled']],
  resource({ name, state, enabled, runlevel }): Resource {
    const work: ServiceWork = {
      name,
      ...(state && { state }),
      ...(enabled !== undefined && { enabled }),
      ...(runlevel && { runlevel }),
    };
    const result = () => ({ name, state: state ?? '' });
    const apply = either(name, {
      systemd: systemdApply(work),
      openrc: openrcApply(work),
      init: initApply(work),
      missing: 'false',
    });
    if (state === 'restarted' || state === 'reloaded') return { kind: 'action', run: apply, result };
    return {
      kind: 'converge',
      probe: [
        {
          sh: either(name, {
            systemd: systemdProbe(work),
            openrc: openrcProbe(work),
            init: initProbe(work),
            missing: '(exit 10)',
          }),
        },
      ],
      expect: [state, enabled === undefined ? undefined : enabled ? 'enabled' : 'disabled'].filter(Boolean).join('\n'),
      apply,
      // A probe right after the start would believe a service that dies a moment later, and call a finished oneshot unit stopped.
      verify: 'apply',
      result,
    };
  },
} satisfies HostModule<typeof params>;

interface Systems {
  systemd: Sh;
  openrc: Sh;
  init: Sh;
  missing: string;
}

/** The text for whichever system runs the services of the host. */
function either(name: string, { systemd, openrc, init, missing }: Systems): Sh {
  return sh`if ${underSystemd}; then
${systemd}
elif ${underOpenrc(name)}; then
${openrc}
elif ${hasInitScript(name)}; then
${init}
else echo ${`there is no service ${name}: no systemd here, none of OpenRC and no /etc/init.d script of this name`} >&2; ${{ sh: missing }}
fi`;
}
