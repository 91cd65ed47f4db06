import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, sh } from '../../program/sh.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { choice, flag, text } from '../shared/params.ts';

const things = ['service', 'port', 'protocol', 'source', 'interface', 'rich_rule', 'masquerade'] as const;

const word = (description: string, pattern = '^[A-Za-z0-9][A-Za-z0-9_.:/-]*$') =>
  Type.Optional(Type.String({ description, pattern }));

const params = Type.Object(
  {
    service: word('A service that firewalld knows: `https`.'),
    port: word('A port or a range with its protocol: `8081/tcp`, `161-162/udp`.', '^[0-9]+(-[0-9]+)?/[a-z]+$'),
    protocol: word('An IP protocol: `gre`.'),
    source: word('An address or a network that belongs to the zone.', '^[A-Za-z0-9:][A-Za-z0-9_.:/-]*$'),
    interface: word('An interface that belongs to the zone, and to no other.'),
    rich_rule: Type.Optional(text('A rule in the language of firewalld.richlanguage(5).')),
    masquerade: Type.Optional(
      flag('What the zone sends on gets the address of this host; `state` says whether.', true),
    ),
    zone: word('The zone; that which firewalld takes by default when not said.'),
    state: choice(
      ['enabled', 'disabled', 'present', 'absent'],
      'Whether the zone has it. `present` and `absent`: whether there is the zone itself, which is always permanent.',
    ),
    permanent: Type.Optional(flag('In the settings that firewalld starts with.')),
    immediate: Type.Optional(flag('Now. Goes without saying when `permanent` is not set.')),
  },
  { additionalProperties: false },
);

/** Zones of firewalld, in the running firewall and in the settings that it starts with. */
export const firewalld = {
  name: 'firewalld',
  on: 'host',
  summary: 'A zone of firewalld lets something in or does not.',
  params,
  result: { zone: 'The zone; empty for the default one.', state: 'The state that was asked for.' },
  examples: [
    { firewalld: { service: 'https', permanent: true, immediate: true, state: 'enabled' } },
    { firewalld: { port: '8081/tcp', zone: 'internal', permanent: true, state: 'disabled' } },
    {
      firewalld: {
        rich_rule: 'rule service name="ftp" audit limit value="1/m" accept',
        permanent: true,
        state: 'enabled',
      },
    },
    { firewalld: { zone: 'shop', permanent: true, state: 'present' } },
  ],
  idempotent: true,
  exclusive: things.flatMap((one, i) => things.slice(i + 1).map((other) => [one, other])),
  resource(params): Converge {
    checkArgs(firewalld, params);
    const { zone = '', state } = params;
    const parts = state === 'present' || state === 'absent' ? [zonePart(params, state)] : settingParts(params, state);
    return {
      kind: 'converge',
      probe: [
        {
          sh: needsFirewalld(
            joinSh(
              parts.map(({ probe }) => probe),
              ' &&\n',
            ),
          ),
        },
      ],
      expect: parts.map(({ expect }) => expect).join('\n'),
      apply: joinSh(
        parts.map(
          ({ expect, apply }) =>
            sh`case $play_nl$play_o$play_nl in *"$play_nl"${expect}"$play_nl"*) ;; *) ${apply} ;; esac`,
        ),
        ' &&\n',
      ),
      result: () => ({ zone, state }),
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

/** A firewall that does not run may be started by an earlier task; it then ends with 252 (firewall-cmd(1)). */
function needsFirewalld(probes: Sh): Sh {
  return sh`play_fwd_ask() {
play_fwd=$(firewall-cmd "$@" 2>&1)
play_fwd_z=$?
case $play_fwd_z in
0|1) return 0 ;;
252) printf '%s\\n' "$play_fwd" >&2; return 10 ;;
*) printf '%s\\n' "$play_fwd" >&2; return "$play_fwd_z" ;;
esac
}
if command -v firewall-cmd >/dev/null 2>&1; then
${probes}
else echo 'there is no firewall-cmd here; it is part of the package firewalld' >&2; (exit 10)
fi`;
}

function zonePart({ zone, ...rest }: Params, state: 'present' | 'absent'): Part {
  if (zone === undefined)
    throw badArgs('firewalld', `state: ${state} is for a zone`, 'enabled and disabled are for what is in it');
  if (things.some((one) => rest[one] !== undefined))
    throw badArgs('firewalld', `state: ${state} is for the zone alone`);
  if (!rest.permanent || rest.immediate) {
    throw badArgs('firewalld', 'zones are only permanent', 'say permanent: true, and reload firewalld after it');
  }
  return {
    probe: sh`play_fwd_ask --permanent --get-zones && case " $play_fwd " in *${` ${zone} `}*) echo ${`zone ${zone} present`} ;; *) echo ${`zone ${zone} absent`} ;; esac`,
    expect: `zone ${zone} ${state}`,
    apply: sh`firewall-cmd --permanent ${`--${state === 'present' ? 'new' : 'delete'}-zone=${zone}`} >/dev/null`,
  };
}

function settingParts(params: Params, state: 'enabled' | 'disabled'): Part[] {
  const thing = things.find((one) => params[one] !== undefined);
  if (thing === undefined) throw badArgs('firewalld', `one of ${things.join(', ')} is needed`);
  if (params.masquerade === false)
    throw badArgs('firewalld', 'masquerade: false means nothing', 'write masquerade: true, state: disabled');
  const { permanent = false, immediate = !permanent } = params;
  const name = thing.replace('_', '-');
  const value = thing === 'masquerade' ? '' : `=${params[thing]}`;
  const zone = params.zone === undefined ? [] : [`--zone=${params.zone}`];
  const where = [...(permanent ? ['permanent'] : []), ...(immediate ? ['now'] : [])];
  return where.map((place) => {
    const flags = place === 'permanent' ? ['--permanent', ...zone] : zone;
    const shown = `${thing}${value.replace('=', ' ')} ${place}:`;
    // What is in another zone moves: adding an interface or a source again would be refused.
    const add =
      (thing === 'interface' || thing === 'source') && state === 'enabled'
        ? 'change'
        : state === 'enabled'
          ? 'add'
          : 'remove';
    return {
      probe: sh`play_fwd_ask ${flags} ${`--query-${name}${value}`} && if [ "$play_fwd_z" = 0 ]; then echo ${`${shown} enabled`}; else echo ${`${shown} disabled`}; fi`,
      expect: `${shown} ${state}`,
      apply: sh`firewall-cmd ${flags} ${`--${add}-${name}${value}`} >/dev/null`,
    };
  });
}
