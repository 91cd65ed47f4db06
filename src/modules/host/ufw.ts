import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource, Sh } from '../../model/resource.ts';
import { joinSh, sh } from '../../program/sh.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { choice, flag } from '../shared/params.ts';
import { ufwRule } from '../shared/ufw-rule.ts';

const port = (description: string) =>
  Type.Optional(
    Type.Union(
      [Type.Integer({ minimum: 1, maximum: 65_535 }), Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9:,_-]*$' })],
      {
        description,
      },
    ),
  );

const address = (description: string) =>
  Type.Optional(Type.String({ description, pattern: '^[0-9A-Za-z][0-9A-Za-z.:/]*$|^::[0-9A-Fa-f.:/]*$' }));

const policyOf = (description: string) => Type.Optional(choice(['allow', 'deny', 'reject'], description));

const params = Type.Object(
  {
    rule: Type.Optional(
      choice(['allow', 'deny', 'reject', 'limit'], 'What becomes of packets that the rule is about.'),
    ),
    delete: Type.Optional(flag('The rule is not to be there.')),
    to_port: port('The port they go to: a number, a name, `60000:60100`, or several joined by commas.'),
    port: port('The same as `to_port`.'),
    proto: Type.Optional(choice(['any', 'tcp', 'udp', 'ipv6', 'esp', 'ah', 'gre', 'igmp'], 'The protocol.', 'any')),
    from_ip: address('Where they come from: an address or a network; `any` when not said.'),
    from_port: port('The port they come from.'),
    to_ip: address('The address they go to; `any` when not said.'),
    direction: Type.Optional(
      choice(
        ['in', 'out', 'incoming', 'outgoing', 'routed'],
        'With `rule`: `in` or `out`. With `default`: `incoming` (when not said), `outgoing` or `routed`.',
      ),
    ),
    interface: Type.Optional(
      Type.String({ description: 'Only by this interface; needs `direction`.', pattern: '^[A-Za-z0-9][^\\s!/]*$' }),
    ),
    route: Type.Optional(flag('The rule is about what is passed on to other machines.')),
    insert: Type.Optional(Type.Integer({ description: 'As which rule a new one goes in.', minimum: 1 })),
    log: Type.Optional(flag('New connections that the rule is about are logged.')),
    name: Type.Optional(
      Type.String({
        description: 'An application profile of /etc/ufw/applications.d.',
        pattern: '^[A-Za-z0-9][A-Za-z0-9 _.+-]*$',
      }),
    ),
    comment: Type.Optional(
      Type.String({ description: "Text to keep with the rule; ufw takes no `'` in it.", pattern: "^[^'\\n]+$" }),
    ),
    default: policyOf('What becomes of packets that no rule is about.'),
    policy: policyOf('The same as `default`.'),
    logging: Type.Optional(choice(['on', 'off', 'low', 'medium', 'high', 'full'], 'How much is logged.')),
    state: Type.Optional(
      choice(
        ['enabled', 'disabled', 'reloaded', 'reset'],
        'Whether the firewall works, now and after a restart. `reloaded` reads its files again, `reset` takes all rules away; both act each time.',
      ),
    ),
  },
  { additionalProperties: false },
);

/** The firewall of Ubuntu and Debian. Policy and rule come before the state: switching on first could lock the session out. */
export const ufw = {
  name: 'ufw',
  on: 'host',
  summary: 'The firewall ufw has this rule or does not, this policy, and is switched on or off.',
  params,
  result: { rule: 'The rule as ufw takes it; empty when there is none.' },
  examples: [
    { ufw: { rule: 'limit', to_port: 'ssh', proto: 'tcp', state: 'enabled' } },
    { ufw: { default: 'deny', direction: 'incoming' } },
    { ufw: { rule: 'allow', from_ip: '10.0.0.0/8', to_port: 5432, proto: 'tcp', comment: 'database' } },
    { ufw: { rule: 'allow', to_port: 80, delete: true } },
  ],
  idempotent: true,
  exclusive: [
    ['to_port', 'port'],
    ['default', 'policy'],
  ],
  requireOne: [['rule', 'default', 'policy', 'logging', 'state']],
  resource(params): Resource {
    checkArgs(ufw, params);
    const { state, logging } = params;
    const policy = params.default ?? params.policy;
    const rule = params.rule === undefined ? undefined : ufwRule(params);
    const result = () => ({ rule: rule?.shown ?? '' });
    const acts = state === 'reloaded' || state === 'reset';
    const parts = [
      ...(policy === undefined ? [] : [defaultPart(policy, policyDirection(params))]),
      ...(logging === undefined ? [] : [loggingPart(logging)]),
      ...(rule === undefined ? [] : [rule.part]),
      ...(state === undefined || acts ? [] : [statePart(state)]),
    ];
    if (acts) {
      if (parts.length > 0)
        throw badArgs('ufw', `state: ${state} goes by itself`, 'give the rest to a task of its own');
      const run = sh`ufw --force ${state === 'reloaded' ? 'reload' : 'reset'}`;
      return { kind: 'action', run: needsUfw(run, 'false'), result };
    }
    const status = parts.length > (rule ? 1 : 0) ? [sh`play_ufw=$(ufw status verbose)`] : [];
    return {
      kind: 'converge',
      probe: [
        { sh: needsUfw(joinSh([...status, ...parts.map(({ probe }) => sh`{ ${probe}\n}`)], ' &&\n'), '(exit 10)') },
      ],
      expect: parts.map(({ expect }) => expect).join('\n'),
      apply: joinSh(
        parts.map(
          ({ apply, expect }) =>
            sh`case $play_nl$play_o$play_nl in *"$play_nl"${expect}"$play_nl"*) ;; *) ${apply} ;; esac`,
        ),
        ' &&\n',
      ),
      result,
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

/** One thing to converge: a line of the probe. */
interface Part {
  probe: Sh;
  expect: string;
  apply: Sh;
}

function needsUfw(then: Sh, missing: string): Sh {
  return sh`if command -v ufw >/dev/null 2>&1; then
${then}
else echo 'there is no ufw here; it is a package of that name' >&2; ${{ sh: missing }}
fi`;
}

function statePart(state: 'enabled' | 'disabled'): Part {
  return {
    probe: sh`case $play_ufw in 'Status: active'*) echo 'state enabled' ;; *) echo 'state disabled' ;; esac`,
    expect: `state ${state}`,
    apply: sh`ufw --force ${state === 'enabled' ? 'enable' : 'disable'}`,
  };
}

function policyDirection({ direction = 'incoming', rule }: Params): 'incoming' | 'outgoing' | 'routed' {
  if (rule !== undefined)
    throw badArgs('ufw', 'rule and default exclude each other', 'direction means another thing for each');
  return direction === 'in' ? 'incoming' : direction === 'out' ? 'outgoing' : direction;
}

/** A firewall that is off does not tell; then its file does. */
function defaultPart(policy: string, direction: 'incoming' | 'outgoing' | 'routed'): Part {
  const key = { incoming: 'INPUT', outgoing: 'OUTPUT', routed: 'FORWARD' }[direction];
  return {
    probe: sh`case $play_ufw in
*${` (${direction})`}*) play_ufw_d=\${play_ufw%%${` (${direction})`}*}; play_ufw_d=\${play_ufw_d##* } ;;
*) play_ufw_d=$(sed -n ${`s/^DEFAULT_${key}_POLICY="*\\([A-Z]*\\).*/\\1/p`} /etc/default/ufw) ;;
esac &&
case $play_ufw_d in
ACCEPT) play_ufw_d=allow ;;
DROP) play_ufw_d=deny ;;
REJECT) play_ufw_d=reject ;;
esac &&
echo ${direction} "$play_ufw_d"`,
    expect: `${direction} ${policy}`,
    apply: sh`ufw default ${policy} ${direction}`,
  };
}

function loggingPart(level: string): Part {
  const on =
    level === 'on' ? sh`off) echo 'logging off' ;;\n*) echo 'logging on' ;;` : sh`*) echo "logging $play_ufw_l" ;;`;
  return {
    probe: sh`case $play_ufw in
*'Logging: off'*) play_ufw_l=off ;;
*'Logging: on ('*) play_ufw_l=\${play_ufw#*'Logging: on ('}; play_ufw_l=\${play_ufw_l%%')'*} ;;
*) play_ufw_l=$(sed -n 's/^LOGLEVEL=//p' /etc/ufw/ufw.conf) ;;
esac
case $play_ufw_l in
${on}
esac`,
    expect: `logging ${level}`,
    apply: sh`ufw logging ${level}`,
  };
}
