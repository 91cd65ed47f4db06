import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Action, Outcome, Resource, Sh, Verdict } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { choice, flag } from '../shared/params.ts';
import { type ServiceWork, systemctl, systemdApply, systemdProbe } from '../shared/systemd.ts';
import { chomp } from '../shared/text.ts';

const params = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        description: 'The unit (`nginx`, `nginx.service`, `backup.timer`); only a reload of systemd itself needs none.',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9:_.@\\\\-]*$',
      }),
    ),
    state: Type.Optional(
      choice(
        ['started', 'stopped', 'restarted', 'reloaded'],
        '`started` and `stopped` act only when needed; `restarted` and `reloaded` act each time, and start what is stopped. A start counts when the unit has stayed up for a second.',
      ),
    ),
    enabled: Type.Optional(flag('Whether the unit starts when the host does, or the user’s systemd.')),
    masked: Type.Optional(flag('Whether nothing can start the unit at all.')),
    daemon_reload: Type.Optional(
      flag(
        'Have systemd read its files again: with a unit when those of the unit have changed, without one each time. What is done to the unit comes after it.',
      ),
    ),
    daemon_reexec: Type.Optional(flag('Have systemd start itself anew; stands alone in its task.')),
    scope: Type.Optional(
      choice(['system', 'user'], 'Whose units: those of the system, or of the user of the task.', 'system'),
    ),
    no_block: Type.Optional(flag('Only ask for a start or stop, and do not wait for how it ends.')),
  },
  { additionalProperties: false },
);

/** Units of systemd, where `service` does not say enough. */
export const systemdService = {
  name: 'systemd_service',
  on: 'host',
  summary: 'A unit of systemd runs or is stopped, starts with the host or does not, can be started or cannot.',
  params,
  result: { name: 'The unit; empty when there was none.', state: 'The state that was asked for; empty when none was.' },
  examples: [
    { systemd_service: { name: 'shop', state: 'started', enabled: true, daemon_reload: true } },
    { systemd_service: { name: 'apt-daily.timer', state: 'stopped', masked: true } },
    { systemd_service: { name: 'sync', scope: 'user', enabled: true, state: 'started' } },
    { systemd_service: { daemon_reload: true } },
  ],
  idempotent: true,
  requireOne: [['state', 'enabled', 'masked', 'daemon_reload', 'daemon_reexec']],
  resource(params, { check }): Resource {
    checkArgs(systemdService, params);
    const { name, state, enabled, masked } = params;
    const ofUser = params.scope === 'user';
    const result = () => ({ name: name ?? '', state: state ?? '' });
    if (params.daemon_reexec) {
      if (Object.entries(params).some(([key, value]) => value && !['daemon_reexec', 'scope'].includes(key))) {
        throw badArgs('systemd_service', 'daemon_reexec stands alone', 'give the rest a task of its own after it');
      }
      return manager(sh`${systemctl({ ofUser })} daemon-reexec`, { ofUser, check });
    }
    if (name === undefined) {
      if (state !== undefined || enabled !== undefined || masked !== undefined) {
        throw badArgs('systemd_service', 'name is missing', 'only daemon_reload and daemon_reexec need no unit');
      }
      return manager(params.daemon_reload ? sh`${systemctl({ ofUser })} daemon-reload` : raw(':'), { ofUser, check });
    }
    if (masked && state !== undefined && state !== 'stopped') {
      throw badArgs('systemd_service', `a masked unit cannot be ${state}`);
    }
    const work = workOf(name, params);
    const apply = reached(systemdApply(work), { ofUser, missing: 'false' });
    if (state === 'restarted' || state === 'reloaded') return { kind: 'action', run: apply, result };
    return {
      kind: 'converge',
      probe: [{ sh: reached(systemdProbe(work), { ofUser, missing: '(exit 10)' }) }],
      expect: [
        work.read ? 'files read' : undefined,
        masked === undefined ? undefined : masked ? 'masked' : 'unmasked',
        state,
        enabled === undefined ? undefined : enabled ? 'enabled' : 'disabled',
      ]
        .filter(Boolean)
        .join('\n'),
      apply,
      // A probe right after the start would believe a service that dies a moment later, and call a finished oneshot unit stopped.
      ...(state && { verify: 'apply' as const }),
      result,
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

function workOf(name: string, params: Params): ServiceWork {
  const { state, enabled, masked } = params;
  return {
    name,
    ...(state && { state }),
    ...(enabled !== undefined && { enabled }),
    ...(masked !== undefined && { masked }),
    ...(params.daemon_reload && { read: true }),
    ...(params.scope === 'user' && { ofUser: true }),
    ...(params.no_block && { noBlock: true }),
  };
}

/** Asked of systemd itself. It has no state that could be compared, and is no change of the host: Ansible does not count it as one either. */
function manager(run: Sh, { ofUser, check }: { ofUser: boolean; check: boolean }): Action {
  return {
    kind: 'action',
    run: check ? raw(':') : reached(run, { ofUser, missing: 'false' }),
    checks: true,
    judge: ended,
  };
}

function ended({ rc, stderr }: Outcome): Verdict {
  const fields = { name: '', state: '' };
  if (rc === 0) return { status: 'ok', fields };
  return { status: 'failed', fields, failure: chomp(stderr) || `systemctl has ended with ${rc}` };
}

/** The text for a host whose systemd answers; what systemctl says where none does is the failure. */
function reached(text: Sh, { ofUser, missing }: { ofUser: boolean; missing: string }): Sh {
  return joinSh([
    sh`if ! command -v systemctl >/dev/null 2>&1; then echo 'systemd does not run this host: there is no systemctl' >&2; ${raw(missing)}
elif ! play_x=$(${systemctl({ ofUser })} show --property=Version 2>&1); then printf '%s\\n' "$play_x" >&2; ${raw(missing)}
else`,
    text,
    raw('fi'),
  ]);
}
