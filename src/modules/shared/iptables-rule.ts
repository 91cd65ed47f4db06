import { type Static, Type } from 'typebox';
import { badArgs } from './args.ts';
import { choice, text } from './params.ts';

const negated = 'with `!` before it: all others';

const port = (description: string) =>
  Type.Optional(
    Type.Union([Type.Integer({ minimum: 0, maximum: 65_535 }), Type.String({ minLength: 1 })], { description }),
  );

const listOf = (description: string) => Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description }));

/** Parameters that make one rule: which packets it is about, and what becomes of them. */
export const ruleParams = {
  protocol: Type.Optional(text(`\`tcp\`, \`udp\`, \`icmp\`, a number …; ${negated}.`)),
  source: Type.Optional(text(`Where packets come from: an address or a network; ${negated}.`)),
  destination: Type.Optional(text(`Where they go; ${negated}.`)),
  in_interface: Type.Optional(text(`The interface they came in by; \`+\` at its end stands for the rest; ${negated}.`)),
  out_interface: Type.Optional(text('The interface they go out by, in the same way.')),
  source_port: port('Port they come from: a number, a name or `first:last`.'),
  destination_port: port('Port they go to, in the same way; needs `protocol`.'),
  destination_ports: Type.Optional(
    Type.Array(Type.Union([Type.Integer({ minimum: 0, maximum: 65_535 }), Type.String({ minLength: 1 })]), {
      description: 'Several ports they go to.',
      minItems: 1,
      maxItems: 15,
    }),
  ),
  src_range: Type.Optional(text('Addresses they come from: `192.0.2.1-192.0.2.9`.')),
  dst_range: Type.Optional(text('Addresses they go to, in the same way.')),
  match: listOf('Further matches of iptables to load: `conntrack`.'),
  ctstate: listOf('States of the connection: `NEW`, `ESTABLISHED`, `RELATED` and so on.'),
  syn: Type.Optional(
    choice(['ignore', 'match', 'negate'], 'Only packets that open a TCP connection, or only others.', 'ignore'),
  ),
  icmp_type: Type.Optional(text('The type of ICMP: `echo-request`.')),
  limit: Type.Optional(text('At most so often: `5/minute`.')),
  limit_burst: Type.Optional(Type.Integer({ description: 'How many may come at once before.', minimum: 1 })),
  uid_owner: Type.Optional(text(`User whose packets they are (in OUTPUT); ${negated}.`)),
  gid_owner: Type.Optional(text(`Group whose packets they are (in OUTPUT); ${negated}.`)),
  jump: Type.Optional(text('What becomes of them: `ACCEPT`, `DROP`, `REJECT`, `LOG`, `DNAT` …, or a chain.')),
  goto: Type.Optional(text('A chain to go on in, without a way back.')),
  reject_with: Type.Optional(text('The answer of `REJECT`, which it means: `tcp-reset`.')),
  log_prefix: Type.Optional(
    Type.String({ description: 'Text before each line of the log; `jump: LOG` goes without saying.', maxLength: 29 }),
  ),
  log_level: Type.Optional(text('How grave lines of `LOG` are: `warning`.')),
  to_source: Type.Optional(text('The address that `SNAT` gives.')),
  to_destination: Type.Optional(text('The address, with or without a port, that `DNAT` gives.')),
  to_ports: port('The port that `REDIRECT` or `MASQUERADE` gives.'),
  comment: Type.Optional(Type.String({ description: 'Text to keep with the rule.', minLength: 1, maxLength: 255 })),
};

const ruleSchema = Type.Object(ruleParams);

/** The parameters of a rule as YAML gives them. */
export type RuleParams = Static<typeof ruleSchema>;

/**
 * The words of the rule. Matches are in the order in which Ansible's module writes them: iptables finds a rule only when
 * they are in the order it was made with. Empty when nothing is said of a rule.
 */
export function ruleWords(params: RuleParams, ipVersion: 'ipv4' | 'ipv6'): string[] {
  const { match = [], ctstate = [], log_prefix: prefix, reject_with: reject, syn = 'ignore' } = params;
  const ports = params.destination_ports?.map(String).join(',');
  const implied = prefix !== undefined ? 'LOG' : reject !== undefined ? 'REJECT' : undefined;
  if (params.jump !== undefined && params.goto !== undefined)
    throw badArgs('iptables', 'jump and goto exclude each other');
  const module = (name: string, needed: unknown): string[] =>
    needed === undefined || match.includes(name) ? [] : ['-m', name];
  const stateFlag = match.includes('state') && !match.includes('conntrack') ? '--state' : '--ctstate';
  return [
    ...flag('-p', params.protocol),
    ...flag('-s', params.source),
    ...flag('-d', params.destination),
    ...match.flatMap((name) => ['-m', name]),
    ...flag('-j', params.jump ?? (params.goto === undefined && prefix !== undefined ? implied : undefined)),
    ...plain('--log-prefix', prefix),
    ...plain('--log-level', params.log_level),
    ...plain('--to-destination', params.to_destination),
    ...module('multiport', ports),
    ...plain('--dports', ports),
    ...plain('--to-source', params.to_source),
    ...plain('-g', params.goto),
    ...flag('-i', params.in_interface),
    ...flag('-o', params.out_interface),
    ...flag('--source-port', params.source_port),
    ...flag('--destination-port', params.destination_port),
    ...plain('--to-ports', params.to_ports),
    ...(syn === 'ignore' ? [] : syn === 'match' ? ['--syn'] : ['!', '--syn']),
    ...(ctstate.length === 0 || stateFlag === '--state' ? [] : module('conntrack', ctstate)),
    ...(ctstate.length === 0 ? [] : [stateFlag, ctstate.join(',')]),
    ...module('iprange', params.src_range ?? params.dst_range),
    ...flag('--src-range', params.src_range),
    ...flag('--dst-range', params.dst_range),
    ...module('limit', params.limit ?? params.limit_burst),
    ...plain('--limit', params.limit),
    ...plain('--limit-burst', params.limit_burst),
    ...module('owner', params.uid_owner ?? params.gid_owner),
    ...flag('--uid-owner', params.uid_owner),
    ...flag('--gid-owner', params.gid_owner),
    ...(params.jump === undefined && prefix === undefined ? plain('-j', implied) : []),
    ...plain('--reject-with', reject),
    ...flag(ipVersion === 'ipv4' ? '--icmp-type' : '--icmpv6-type', params.icmp_type),
    ...module('comment', params.comment),
    ...plain('--comment', params.comment),
  ];
}

function plain(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}

/** The same for values that may be turned round by a `!`. */
function flag(name: string, value: string | number | undefined): string[] {
  const text = value === undefined ? '' : String(value);
  return text.startsWith('!') ? ['!', name, text.slice(1).trim()] : plain(name, value);
}
