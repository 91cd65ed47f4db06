import { Type } from 'typebox';
import type { BothModule } from '../../model/module.ts';
import type { Fields, Value } from '../../model/value.ts';
import { allow, allowedIn, answered, portNumber, secondsOf } from '../shared/asked-machines.ts';
import { addressed } from '../shared/packet-places.ts';
import { choice, text } from '../shared/params.ts';
import { onHost, rawSend, readAnswers } from '../shared/raw-send.ts';

const params = Type.Object(
  {
    dest: text('Whereto, as the controller looks it up: a name or an address.'),
    method: Type.Optional(
      choice(['udp', 'icmp', 'tcp'], 'What is sent: some ways let only one of them through.', 'udp'),
    ),
    port: Type.Optional(
      portNumber('Of `udp` the first port, 33434 when not said; of `tcp` the port, 80 when not said.'),
    ),
    max_hops: Type.Optional(
      Type.Integer({ description: 'How far at most; 30 when not said.', minimum: 1, maximum: 255 }),
    ),
    timeout: Type.Optional(secondsOf('Seconds that the answers may take; 3 when not said.')),
    allow,
  },
  { additionalProperties: false },
);

/** Sends a packet for each distance at once, and sees who says that it went no further. */
export const traceroute = {
  name: 'traceroute',
  on: 'both',
  summary: 'It is known over which machines packets of the host go to another one.',
  params,
  result: {
    hops: 'One row for each distance up to the destination: `ttl`, `address` (null: nobody said anything), `rtt` in milliseconds, `reached`.',
    reached: 'Whether the destination has answered.',
    dest: 'Its address.',
  },
  examples: [
    { traceroute: { dest: 'db1' }, become: true, register: 'way' },
    {
      traceroute: { dest: '192.0.2.7', method: 'tcp', port: 443, allow: ['192.0.2.7'] },
      become: true,
      register: 'way',
    },
    { traceroute: { dest: 'db1', method: 'icmp', max_hops: 5 }, become: true, register: 'near' },
  ],
  idempotent: true,
  telling: 'dest',
  run: (params, context) =>
    answered(async () => {
      const { dest, method = 'udp', max_hops: most = 30, timeout = 3 } = params;
      if (context.check)
        return { changed: false, fields: {}, unknown: 'a check sends nothing, so the way is not known' };
      const { answerRules, ruleText } = await import('../../packets/answer-rules.ts');
      const { buildPacket, readLayers } = await import('../../packets/stack.ts');
      const { packetRow } = await import('../../packets/packet-row.ts');
      const { addressesOf } = await import('../../network/allow.ts');
      const allowed = await allowedIn(context, params.allow);
      const [target = dest] = await addressesOf(dest, allowed);
      const layer = target.includes(':') ? 'ipv6' : 'ip';
      const place = await addressed({ layers: [{ [layer]: { dst: dest } }, 'udp'] }, allowed, context);
      const network = (place.layers[0] as Fields)[layer] as Fields;
      const packets = Array.from({ length: most }, (_, i) => {
        const ttl = layer === 'ip' ? { ttl: i + 1, id: i + 1 } : { hlim: i + 1 };
        const bytes = buildPacket(
          readLayers([{ [layer]: { ...network, ...ttl } }, probe({ method, layer, i, port: params.port })]),
        );
        return { hex: bytes.toString('hex'), rules: ruleText(answerRules(bytes, layer)), address: place.address };
      });
      const run = rawSend({ packets, interval: 0.02, timeout, multi: false });
      const printed = await onHost(run, context);
      const hops: Fields[] = packets.map((_, i) => ({ ttl: i + 1, address: null, rtt: null, reached: false }));
      for (const { index, rtt, bytes } of readAnswers(printed).answers) {
        const { src } = packetRow({ seconds: 0, nanos: 0, data: bytes, length: bytes.length, linkType: 101 });
        hops[index] = { ttl: index + 1, address: src ?? null, rtt, reached: src === place.address };
      }
      const end = hops.findIndex((hop) => hop['reached']);
      const way =
        end < 0 ? hops.slice(0, 1 + hops.findLastIndex((hop) => hop['address'] !== null)) : hops.slice(0, end + 1);
      const lines = way.map((hop) =>
        `${hop['ttl']}  ${hop['address'] ?? '*'}  ${hop['rtt'] === null ? '' : `${hop['rtt']} ms`}`.trimEnd(),
      );
      return {
        changed: false,
        fields: { hops: way, reached: end >= 0, dest: place.address },
        message: [...lines, ...(end < 0 ? [`${place.address} has not answered`] : [])].join('\n'),
      };
    }),
} satisfies BothModule<typeof params>;

/** What is sent so far and no further: by its port or its number an answer tells which one it is about. */
function probe({
  method,
  layer,
  i,
  port,
}: {
  method: string;
  layer: string;
  i: number;
  port: number | undefined;
}): Value {
  const own = 40_000 + i;
  if (method === 'icmp') return { [layer === 'ip' ? 'icmp' : 'icmpv6']: { id: own, seq: i + 1 } };
  if (method === 'tcp') return { tcp: { sport: own, dport: port ?? 80, flags: 'S' } };
  return { udp: { sport: own, dport: ((port ?? 33_434) + i) % 65_536 } };
}
