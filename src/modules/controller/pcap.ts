import { type Static, Type } from 'typebox';
import type { ControllerContext, ControllerModule, ControllerResult } from '../../model/module.ts';
import type { Fields, Value } from '../../model/value.ts';
import type { Captured } from '../../packets/captured.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { draftOf } from '../shared/capture-draft.ts';
import { captureTables, packetLimit } from '../shared/capture-tables.ts';
import { text } from '../shared/params.ts';

const packet = Type.Object(
  {
    layers: Type.Optional(Type.Array(Type.Unknown(), { description: 'Its layers, as in `packet`.', minItems: 1 })),
    hex: Type.Optional(text('Its bytes, in hexadecimal digits.')),
    time: Type.Optional(Type.Number({ description: 'Seconds since 1970; 0 when not said.', minimum: 0 })),
  },
  { additionalProperties: false },
);

const params = Type.Object(
  {
    src: Type.Optional(text('A capture on this machine: pcap or pcapng.')),
    packets: Type.Optional(
      Type.Array(packet, { description: 'Packets instead of a file, each with `layers` or `hex`.', minItems: 1 }),
    ),
    filter: Type.Optional(
      text(
        'Which packets count, in the language of tcpdump: `tcp port 443 and host 10.0.0.1`. Names are not looked up.',
      ),
    ),
    count: Type.Optional(Type.Integer({ description: 'Only the first so many that fit.', minimum: 1 })),
    dest: Type.Optional(
      text('Where those that fit are written, on this machine: pcapng when it ends in `.pcapng`, else pcap.'),
    ),
    tables: Type.Optional(
      captureTables(
        'What is registered, each a list of rows: `packets` with their layers; `flows`, one for each pair of addresses and ports; `conversations`, for each pair of addresses; `talkers`, for each address; `protocols`. None when not said.',
      ),
    ),
    limit: Type.Optional(packetLimit),
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** Captures on this machine: read as a stream, whatever their size. */
export const pcap = {
  name: 'pcap',
  on: 'controller',
  pure: false,
  summary: 'It is known what a capture of packets holds; those that fit a filter are in a file of their own.',
  params,
  result: {
    count: 'How many packets fit.',
    bytes: 'How many bytes they had on the wire.',
    first: 'When the first came, in seconds since 1970; null when there is none.',
    last: 'When the last came.',
    duration: 'Seconds between them.',
    cut: 'Whether the file ends in the middle of a packet.',
    packets: 'One row a packet: `time`, `length`, `src`, `dst`, `sport`, `dport`, `protocol`, `summary`, `layers`.',
    flows:
      'One row for two addresses, their ports and the protocol, the most bytes first; `src` is who began. `packets`, `bytes`, both also `_sent` and `_received` as `src` sees it, `start`, `duration`.',
    conversations: 'The same for two addresses, whatever they said to each other.',
    talkers: 'One row an address: `packets`, `bytes`, both also `_sent` and `_received`.',
    protocols: 'One row a protocol: `packets`, `bytes`.',
    dest: 'The file that was written.',
  },
  examples: [
    { pcap: { src: 'captures/web1.pcap', tables: ['talkers', 'protocols'] }, register: 'traffic' },
    { pcap: { src: 'captures/web1.pcap', filter: 'tcp[tcpflags] & tcp-rst != 0', dest: 'captures/resets.pcap' } },
    { pcap: { src: 'captures/dns.pcapng', filter: 'udp port 53', tables: ['packets'], limit: 50 }, register: 'dns' },
    {
      pcap: {
        packets: [{ layers: [{ ip: { src: '10.0.0.1', dst: '10.0.0.2' } }, { udp: { dport: 9 } }, { raw: 'hello' }] }],
        dest: 'one.pcap',
      },
    },
  ],
  idempotent: true,
  checkMode: true,
  telling: 'src',
  exclusive: [['src', 'packets']],
  requireOne: [['src', 'packets']],
  async run(params, context) {
    checkArgs(pcap, params);
    const { PacketError } = await import('../../packets/packet-error.ts');
    try {
      return await work(params, context);
    } catch (error) {
      if (error instanceof PacketError) return { changed: false, failed: error.message, fields: {} };
      throw error;
    }
  },
} satisfies ControllerModule<typeof params>;

async function work(params: Params, context: ControllerContext): Promise<ControllerResult> {
  const { runCaptureJob } = await import('../../packets/capture-job.ts');
  const { src, filter, count, tables = [], limit = 1000 } = params;
  const path = src === undefined ? undefined : context.localSource(src, 'files');
  if (src !== undefined && path === undefined)
    throw badArgs(
      'pcap',
      `there is no file ${src}`,
      'a relative path is looked up beside the playbook and in its files/',
    );
  const frames = params.packets && (await framesOf(params.packets));
  const dest = params.dest === undefined ? undefined : context.localTarget(params.dest);
  const draft = dest === undefined ? undefined : await draftOf(dest, context);
  try {
    const fields: Fields = await runCaptureJob({
      ...(path !== undefined && { src: path }),
      ...(frames && { frames }),
      ...(filter !== undefined && { filter }),
      ...(count !== undefined && { count }),
      ...(draft && { dest: { path: draft.path, format: dest?.endsWith('.pcapng') ? 'pcapng' : 'pcap' } }),
      tables,
      limit,
    });
    const changed = draft !== undefined && dest !== undefined && (await draft.settle(dest));
    const said = `${fields['count']} packets, ${fields['bytes']} bytes in ${fields['duration']} s`;
    return { changed, fields: { ...fields, ...(dest !== undefined && { dest }) }, message: said };
  } finally {
    await draft?.remove();
  }
}

async function framesOf(packets: NonNullable<Params['packets']>): Promise<Captured[]> {
  const { frameOf } = await import('../../packets/packet-frame.ts');
  return packets.map(({ layers, hex, time = 0 }) => {
    if ((layers === undefined) === (hex === undefined)) throw badArgs('pcap', 'each packet has either layers or hex');
    return frameOf({ layers: layers as Value[] | undefined, hex, time });
  });
}
