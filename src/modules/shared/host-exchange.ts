import type { BothContext } from '../../model/module.ts';
import type { PortState } from '../../network/connect.ts';
import type { Exchange, Exchanged } from '../../network/exchange.ts';
import { NetworkError } from '../../network/network-error.ts';
import { noSpeaker, onlyTcp, type Speech, speaker } from './host-speaker.ts';

/** What the host has connects, and cannot send datagrams. */
export class OnlyTcpError extends NetworkError {}

/** Programs say the same in many words. */
const reasons: [RegExp, string][] = [
  [/hostname mismatch/i, 'hostname mismatch'],
  [/self[- ]signed certificate/i, 'self-signed certificate'],
  [/refused/i, 'nothing listens there (refused)'],
  [/timed? ?out|in progress/i, ''],
  [/network is unreachable/i, 'there is no way to that network'],
  [/no route to host|host is unreachable/i, 'there is no way to that machine'],
  [
    /name or service not known|no address associated|bad address|not resolve|nodename nor servname|unknown host/i,
    'the name has no address',
  ],
  [/temporary failure|try again/i, 'the name cannot be looked up now'],
  [/no such file/i, 'it is not there'],
  [/permission denied/i, 'this user may not'],
  [/reset by peer/i, 'the other side has cut the connection'],
];

/** Why a program of a host could not connect, in our words. `timeout` in seconds. */
export function reasonIn(said: string, timeout: number): string {
  for (const [words, reason] of reasons) if (words.test(said)) return reason || `no answer in ${timeout} s`;
  return said.trim().split('\n').at(-1) || 'no connection';
}

/** Statuses of `timeout` when the time was up: that of GNU, that of busybox. */
const late = [124, 143];

/** Throws when the host had nothing to do it with. */
function demandTool(rc: number | null, kind: Speech['protocol'] | 'tls'): void {
  if (rc !== noSpeaker && rc !== onlyTcp) return;
  if (kind === 'tls') throw new NetworkError('speaking TLS needs openssl on the host, and it has none');
  if (kind === 'unix') throw new NetworkError('speaking to a unix socket needs perl on the host, and it has none');
  if (rc === noSpeaker)
    throw new NetworkError('connecting needs perl, bash or nc on the host, and it has none of them');
  throw new OnlyTcpError('datagrams need perl or bash on the host; what it has speaks only TCP');
}

/** An exchange as `exchange` makes it, by the host with what it has. Throws NetworkError. */
export async function exchangeOnHost(
  job: Omit<Exchange, 'tls' | 'signal' | 'until'> & {
    read: Speech['read'];
    fits?: string;
    tls?: string[];
    reads: boolean;
  },
  { visit, env }: BothContext,
): Promise<Exchanged> {
  const { to, timeout, most, name } = job;
  const seconds = timeout / 1000;
  const run = speaker({
    protocol: 'path' in to ? 'unix' : job.protocol,
    places: ['path' in to ? { host: to.path, port: 0 } : { host: to.address, port: to.port }],
    payload: job.send,
    read: job.read,
    fits: job.fits ?? '',
    timeout: seconds,
    most,
    ...(job.tls && { tls: job.tls }),
  });
  const kept: Buffer[] = [];
  let room = most;
  const received = (_: number, chunk: Buffer): void => {
    if (room > 0) kept.push(chunk.subarray(0, room));
    room -= chunk.length;
  };
  const [answer] = await visit([{ kind: 'action', reads: job.reads, run: { ...run, env } }], {
    received,
    mayFail: true,
  });
  const rc = answer?.rc ?? null;
  const said = answer?.stderr ?? '';
  demandTool(rc, job.tls ? 'tls' : 'path' in to ? 'unix' : job.protocol);
  const bytes = Buffer.concat(kept);
  const [, told, ms] = /^ended (enough|timeout|closed|full) ([\d.]+)$/m.exec(said) ?? [];
  if (told !== undefined) return { received: bytes, ended: told as Exchanged['ended'], time: Number(ms) };
  const isLate = rc !== null && late.includes(rc);
  if (rc !== 0 && !isLate && bytes.length === 0) throw new NetworkError(`${name}: ${reasonIn(said, seconds)}`);
  const ended =
    room < 0
      ? 'full'
      : isLate
        ? 'timeout'
        : job.read !== 'all' && (bytes.length > 0 || job.read === 'none')
          ? 'enough'
          : 'closed';
  return { received: bytes, ended, time: null };
}

/** A port as the host sees it; `time` is null where its program does not tell. */
type SeenPort = Omit<PortState, 'time'> & { time: number | null };

/** So many places in one visit: their addresses are arguments of a program. */
const placesAtOnce = 500;

/** Whether ports are open as the host sees them, in the order of the places. Throws NetworkError. */
export async function portsFromHost(
  { places, timeout, parallel }: { places: Speech['places']; timeout: number; parallel: number },
  context: BothContext,
): Promise<SeenPort[]> {
  const states: SeenPort[] = [];
  for (let at = 0; at < places.length; at += placesAtOnce)
    states.push(...(await lookAt({ places: places.slice(at, at + placesAtOnce), timeout, parallel }, context)));
  return states;
}

async function lookAt(
  { places, timeout, parallel }: { places: Speech['places']; timeout: number; parallel: number },
  { visit, env }: BothContext,
): Promise<SeenPort[]> {
  const nothing = { payload: Buffer.alloc(0), read: 'none', fits: '', most: 1 } as const;
  const run = speaker({ protocol: 'tcp', places, timeout, parallel, ...nothing });
  const [answer] = await visit([{ kind: 'action', reads: true, run: { ...run, env } }], { mayFail: true });
  demandTool(answer?.rc ?? null, 'tcp');
  const lines =
    places.length === 1
      ? [`place 0 ${answer?.rc} ${answer?.stderr.replaceAll('\n', ' ')}`]
      : String(answer?.stdout).split('\n');
  const states = places.map((): SeenPort => ({ state: 'filtered', time: null, reason: 'the host did not say' }));
  for (const line of lines) {
    const [, index, rc, said = ''] = /^place (\d+) (\d+) ?(.*)$/.exec(line) ?? [];
    if (index === undefined) continue;
    const ms = /ended enough ([\d.]+)/.exec(said)?.[1];
    const reason = late.includes(Number(rc)) ? `no answer in ${timeout} s` : reasonIn(said, timeout);
    states[Number(index)] =
      rc === '0'
        ? { state: 'open', time: ms === undefined ? null : Number(ms) }
        : { state: /refused/.test(reason) ? 'closed' : 'filtered', time: null, reason };
  }
  return states;
}
