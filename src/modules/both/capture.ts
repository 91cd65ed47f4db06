import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Static, Type } from 'typebox';
import type { BothContext, BothModule, ControllerResult } from '../../model/module.ts';
import type { AuthorCode } from '../../model/resource.ts';
import { badArgs } from '../shared/args.ts';
import { answered } from '../shared/asked-machines.ts';
import { draftOf } from '../shared/capture-draft.ts';
import { type CaptureOrder, captureFailure, captureNow, captureStart, captureStop } from '../shared/capture-program.ts';
import { captureTables, packetLimit } from '../shared/capture-tables.ts';
import { choice, flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    interface: Type.Optional(
      Type.String({
        description: 'The interface of the host; all of them when not said.',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_.:@-]*$',
        default: 'any',
      }),
    ),
    filter: Type.Optional(text('Which packets, in the language of tcpdump: `tcp port 443 and host 10.0.0.1`.')),
    count: Type.Optional(
      Type.Integer({
        description: 'Over after so many packets; 100000 when not said.',
        minimum: 1,
        maximum: 100_000_000,
      }),
    ),
    max_bytes: Type.Optional(
      Type.Integer({
        description:
          'Over before the packets take more room than this, as a pcap file; 256 MiB when not said. `full` tells that it was so.',
        minimum: 1024,
        maximum: 4_294_967_295,
      }),
    ),
    timeout: Type.Optional(
      Type.Integer({
        description: 'Over after so many seconds, which is no failure; 60 when not said.',
        minimum: 1,
        maximum: 86_400,
      }),
    ),
    stop_filter: Type.Optional(text('Over a second after a packet that fits this filter, too.')),
    snaplen: Type.Optional(
      Type.Integer({
        description: 'Bytes that are kept of each packet; 262144 when not said.',
        minimum: 14,
        maximum: 262_144,
      }),
    ),
    promiscuous: Type.Optional(flag('Also what is meant for other machines.')),
    state: Type.Optional(
      choice(
        ['finished', 'started', 'stopped'],
        '`finished`: the task takes as long as the capture. `started`: it goes on behind the tasks that follow, at most for `timeout`, until one with `stopped` and its `id`.',
        'finished',
      ),
    ),
    id: Type.Optional(
      Type.String({
        description: 'For `stopped`: what `started` has registered.',
        pattern: '^/tmp/play-capture\\.[A-Za-z0-9]+$',
      }),
    ),
    dest: Type.Optional(
      text(
        'Where the packets are kept on this machine: pcapng when it ends in `.pcapng`, else pcap. Nowhere when not said.',
      ),
    ),
    tables: Type.Optional(captureTables('What is registered of them, as in `pcap`; `packets` when not said.')),
    limit: Type.Optional(packetLimit),
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** What tcpdump sees on the host. */
export const capture = {
  name: 'capture',
  on: 'both',
  summary: 'It is known which packets the host has sent and received for a time; they are in a file on this machine.',
  params,
  result: {
    count: 'How many packets.',
    bytes: 'How many bytes they had on the wire.',
    first: 'When the first came, in seconds since 1970; null when there is none.',
    last: 'When the last came.',
    duration: 'Seconds between them.',
    packets: 'One row a packet, as in `pcap`.',
    flows: 'As in `pcap`.',
    conversations: 'As in `pcap`.',
    talkers: 'As in `pcap`.',
    protocols: 'As in `pcap`.',
    cut: 'Whether the last packet came only in part.',
    full: 'Whether `max_bytes` has ended it: there may have been more.',
    dropped: 'How many the kernel could not keep up with.',
    dest: 'The file on this machine.',
    id: 'Of `started`: what `stopped` needs.',
  },
  examples: [
    { capture: { filter: 'udp port 53', count: 20, timeout: 30 }, become: true, register: 'dns' },
    {
      capture: {
        interface: 'eth0',
        filter: 'tcp port 443',
        stop_filter: 'tcp[tcpflags] & tcp-rst != 0',
        dest: 'web1.pcap',
      },
      become: true,
    },
    { capture: { state: 'started', filter: 'icmp' }, become: true, register: 'sniffing' },
    { capture: { state: 'stopped', id: '{{sniffing.id}}', dest: 'ping.pcap' }, become: true, register: 'seen' },
  ],
  idempotent: false,
  telling: 'filter',
  run(params, context) {
    const { state = 'finished', id } = params;
    if ((state === 'stopped') !== (id !== undefined))
      throw badArgs(
        'capture',
        state === 'stopped' ? 'stopped needs the id that started has registered' : 'id is for state: stopped',
      );
    if (context.check)
      return Promise.resolve({
        changed: true,
        fields: {},
        unknown: 'a check does not capture, so what would be seen is not known',
      });
    if (state === 'started') return begin(params, context);
    const order = id === undefined ? captureNow(orderOf(params)) : captureStop(id);
    return answered(() => receive(order, params, context));
  },
} satisfies BothModule<typeof params>;

function orderOf(params: Params): CaptureOrder {
  return {
    interface: params.interface ?? 'any',
    filter: params.filter ?? '',
    stopFilter: params.stop_filter ?? '',
    count: params.count ?? 100_000,
    bytes: params.max_bytes ?? 268_435_456,
    timeout: params.timeout ?? 60,
    snaplen: params.snaplen ?? 262_144,
    promiscuous: params.promiscuous ?? false,
  };
}

async function begin(params: Params, context: BothContext): Promise<ControllerResult> {
  const [answer] = await context.visit(
    [{ kind: 'action', run: { ...captureStart(orderOf(params)), env: context.env } }],
    { mayFail: true },
  );
  if (answer?.failure) return { changed: false, failed: captureFailure(answer.stderr), fields: {} };
  const id = String(answer?.stdout ?? '').trim();
  return { changed: true, fields: { id }, message: `captures into ${id}` };
}

/** The packets go to a file here as they come: a capture may be larger than the memory. */
async function receive(run: AuthorCode, params: Params, context: BothContext): Promise<ControllerResult> {
  const folder = await mkdtemp(join(tmpdir(), 'play-capture-'));
  const src = join(folder, 'pcap');
  const out = createWriteStream(src, { mode: 0o600 });
  const dest = params.dest === undefined ? undefined : context.localTarget(params.dest);
  const draft = dest === undefined ? undefined : await draftOf(dest, context);
  try {
    let bytes = 0;
    const received = (_: number, chunk: Buffer): void => {
      bytes += chunk.length;
      out.write(chunk);
    };
    const [answer] = await context.visit([{ kind: 'action', run: { ...run, env: context.env } }], {
      received,
      mayFail: true,
    });
    out.end();
    await finished(out);
    if (answer?.failure) return { changed: false, failed: captureFailure(answer.stderr), fields: {} };
    const { runCaptureJob } = await import('../../packets/capture-job.ts');
    const fields = await runCaptureJob({
      src,
      ...(draft && { dest: { path: draft.path, format: dest?.endsWith('.pcapng') ? 'pcapng' : 'pcap' } }),
      tables: params.tables ?? ['packets'],
      limit: params.limit ?? 1000,
    });
    const changed = draft !== undefined && dest !== undefined && (await draft.settle(dest));
    const said = answer?.stderr ?? '';
    const dropped = Number(/^(\d+) packets? dropped by kernel/m.exec(said)?.[1] ?? 0);
    const full = bytes >= Number(/^at most (\d+) bytes/m.exec(said)?.[1] ?? Number.POSITIVE_INFINITY);
    return {
      changed,
      // What the limit has cut off is not the end of a file that is broken.
      fields: { ...fields, cut: fields['cut'] === true && !full, full, dropped, ...(dest !== undefined && { dest }) },
      message: `${fields['count']} packets, ${fields['bytes']} bytes${full ? ', and then max_bytes was reached' : ''}`,
    };
  } finally {
    out.destroy();
    await draft?.remove();
    await rm(folder, { recursive: true, force: true });
  }
}
