import { type Static, Type } from 'typebox';
import type { BothContext, BothModule, ControllerResult } from '../../model/module.ts';
import type { Fields, Value } from '../../model/value.ts';
import type { LayerName } from '../../packets/layer.ts';
import { badArgs } from '../shared/args.ts';
import { allow, allowedIn, answered, secondsOf } from '../shared/asked-machines.ts';
import { addressed } from '../shared/packet-places.ts';
import { choice, flag } from '../shared/params.ts';
import { onHost, rawSend, readAnswers } from '../shared/raw-send.ts';

const params = Type.Object(
  {
    layers: Type.Array(Type.Unknown(), {
      description:
        'The packet from outside to inside, each layer with its fields: `- ip: {dst: 10.0.0.2}`, `- tcp: {dport: 80}`, `- raw: text`. Layers: `ether`, `vlan`, `arp`, `ip`, `ipv6`, `icmp`, `icmpv6`, `tcp`, `udp`, `dns`, `dhcp`, `raw`, `padding` and others; their fields have the names of scapy. Lengths, types and sums that are not said are worked out.',
      minItems: 1,
    }),
    state: Type.Optional(
      choice(
        ['built', 'sent', 'answered'],
        '`built` only makes it. `sent`: the host sends it. `answered`: the host sends it and waits for what comes back; the task fails when nothing does.',
        'built',
      ),
    ),
    fragsize: Type.Optional(
      Type.Integer({
        description:
          'It is cut into fragments with at most so many bytes behind their header: 1480 fit into 1500. IPv6 is cut at its layer `ipv6_fragment`.',
        minimum: 8,
        maximum: 65_535,
      }),
    ),
    interface: Type.Optional(
      Type.String({
        description: 'Where the host sends a packet that begins with `ether`.',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_.:@-]*$',
      }),
    ),
    count: Type.Optional(
      Type.Integer({ description: 'How often it is sent; once when not said.', minimum: 1, maximum: 100_000 }),
    ),
    interval: Type.Optional(
      Type.Number({ description: 'Seconds between two; 0 when not said.', minimum: 0, maximum: 3600 }),
    ),
    timeout: Type.Optional(secondsOf('Seconds that an answer may take; 2 when not said.')),
    retries: Type.Optional(
      Type.Integer({
        description: 'How often it is sent again without an answer; never when not said.',
        minimum: 0,
        maximum: 100,
      }),
    ),
    multi: Type.Optional(flag('Wait for all answers that come in time, not for the first alone.')),
    allow,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** One packet. It is made on the controller, and sent by the host. */
export const packet = {
  name: 'packet',
  on: 'both',
  summary: 'A packet of these layers is built; it is sent, or sent and answered.',
  params,
  result: {
    hex: 'Its bytes in hexadecimal digits.',
    length: 'How many bytes it has.',
    summary: 'It in one line.',
    hexdump: 'Its bytes in lines of sixteen.',
    layers: 'Its layers with all their fields, also those that were worked out.',
    fragments: 'With `fragsize` one row for each: `hex`, `length`, `summary`, `layers`.',
    sent: 'How many packets were sent: of one in fragments, all of those.',
    answers:
      'One row an answer: `rtt` in milliseconds, `src`, `dst`, `sport`, `dport`, `protocol`, `summary`, `layers`, `hex`.',
    answered: 'Whether anything came back.',
  },
  examples: [
    {
      packet: { layers: [{ ip: { dst: '10.0.0.2', src: '10.0.0.1' } }, { udp: { dport: 9 } }, { raw: 'hello' }] },
      register: 'made',
    },
    {
      packet: { layers: [{ ip: { dst: 'web1' } }, { tcp: { dport: 443, sport: 40000 } }], state: 'answered' },
      become: true,
      register: 'syn',
    },
    {
      packet: {
        layers: [{ ip: { dst: 'web1' } }, { icmp: { id: 1, seq: 1 } }, { raw: '{{large}}' }],
        fragsize: 1400,
        state: 'answered',
      },
      vars: { large: 'x' },
      become: true,
    },
    {
      packet: {
        layers: [{ ether: {} }, { arp: { pdst: '10.0.0.9' } }],
        interface: 'eth0',
        state: 'answered',
        retries: 2,
        allow: ['10.0.0.0/24'],
      },
      become: true,
      register: 'who',
    },
  ],
  idempotent: false,
  async run(params, context) {
    if (params.state === undefined || params.state === 'built')
      return answered(async () => (await built(params.layers as Value[], params.fragsize)).result);
    return answered(() => send(params, context));
  },
} satisfies BothModule<typeof params>;

async function built(given: readonly Value[], size?: number) {
  const { buildPacket, readLayers } = await import('../../packets/stack.ts');
  const { fragmentsOf } = await import('../../packets/fragment.ts');
  const { hexdump } = await import('../../packets/summary.ts');
  const stack = readLayers(given);
  const bytes = buildPacket(stack);
  const first = stack[0]!.name;
  const pieces = size === undefined ? [bytes] : fragmentsOf(stack, size);
  const whole = await told(bytes, first);
  const fragments = size === undefined ? undefined : await Promise.all(pieces.map((piece) => told(piece, first)));
  const dump = hexdump(bytes);
  const fields: Fields = { ...whole, hexdump: dump, ...(fragments && { fragments }) };
  const message = fragments ? fragments.map(({ summary }) => summary).join('\n') : `${whole['summary']}\n${dump}`;
  const result: ControllerResult = { changed: false, fields, message };
  return { bytes, pieces, first, result };
}

async function told(bytes: Buffer, first: LayerName): Promise<Fields> {
  const { parsePacket } = await import('../../packets/stack.ts');
  const { summaryOf } = await import('../../packets/summary.ts');
  const stack = parsePacket(bytes, first);
  const layers = stack.map(({ name, fields }) => ({ [name]: fields }));
  return { hex: bytes.toString('hex'), length: bytes.length, summary: summaryOf(stack), layers };
}

async function send(params: Params, context: BothContext): Promise<ControllerResult> {
  const { state, count = 1, interval = 0, timeout = 2, retries = 0, multi = false } = params;
  const { answerRules, ruleText } = await import('../../packets/answer-rules.ts');
  const waits = state === 'answered';
  const place = await addressed(params, await allowedIn(context, params.allow), context);
  const { bytes, pieces, first, result } = await built(place.layers, params.fragsize);
  const isFrame = first === 'ether';
  if (isFrame && params.interface === undefined)
    throw badArgs('packet', 'a packet that begins with ether needs the interface that it is sent from');
  if (!isFrame && first !== 'ip' && first !== 'ipv6')
    throw badArgs('packet', `a packet that is sent begins with ether, ip or ipv6, not with ${first}`);
  const rules = waits ? answerRules(bytes, first) : [];
  if (waits && rules.length === 0) throw badArgs('packet', 'what would answer such a packet is not known');
  if (context.check)
    return {
      ...result,
      changed: true,
      ...(waits && { unknown: 'a check sends nothing, so what would come back is not known' }),
    };
  // What comes back answers the whole, which is there with its last fragment.
  const one = pieces.map((piece, at) => ({
    hex: piece.toString('hex'),
    rules: at === pieces.length - 1 ? ruleText(rules) : '',
    address: place.address,
  }));
  let sent = 0;
  let answers: Fields[] = [];
  for (let round = 0; round <= retries && answers.length === 0; round += 1) {
    const order = {
      packets: Array.from({ length: count }, () => one).flat(),
      interval,
      timeout: waits ? timeout : 0,
      multi,
    };
    const run = rawSend({
      ...order,
      ...(isFrame && params.interface !== undefined && { interface: params.interface }),
    });
    const printed = await onHost(run, context);
    const got = readAnswers(printed);
    sent += got.sent;
    answers = await rowsOf(got.answers, isFrame);
    if (!waits) break;
  }
  const fields = { ...result.fields, sent, ...(waits && { answers, answered: answers.length > 0 }) };
  const said = answers.map((row) => `${row['summary']} (${row['rtt']} ms)`);
  return {
    changed: true,
    fields,
    message: [String(result.fields['summary']), ...said].join('\n'),
    ...(waits && answers.length === 0 && { failed: `no answer in ${timeout} s to ${result.fields['summary']}` }),
  };
}

async function rowsOf(answers: readonly { rtt: number; bytes: Buffer }[], isFrame: boolean): Promise<Fields[]> {
  const { packetRow } = await import('../../packets/packet-row.ts');
  return answers.map(({ rtt, bytes }) => {
    // Packets that came without their frame are ARP when they are not IP.
    const row = packetRow({ seconds: 0, nanos: 0, data: bytes, length: bytes.length, linkType: isFrame ? 1 : 101 });
    const { time, ...rest } = row;
    return { rtt, ...rest, hex: bytes.toString('hex') };
  });
}
