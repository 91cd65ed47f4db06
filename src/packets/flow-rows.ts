import type { Fields } from '../model/value.ts';
import { ip4Text, ip6Text } from './addresses.ts';

/** Frames and bytes of both directions between two places, and when. */
interface Traffic {
  /** Seconds since 1970 of the first and the last frame. */
  first: number;
  last: number;
  packets: number;
  bytes: number;
  /** From the place of the smaller key to the other one. */
  forwardPackets: number;
  forwardBytes: number;
  /** The first frame went forward: who began. */
  beganForward: boolean;
}

export interface Flow extends Traffic {
  protocol: number;
  /** Number of the pair of addresses. */
  pair: number;
  a: { key: number | string; port: number };
  b: { key: number | string; port: number };
}

const names: Record<number, string> = {
  1: 'icmp',
  2: 'igmp',
  4: 'ip',
  6: 'tcp',
  17: 'udp',
  41: 'ipv6',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmpv6',
  89: 'ospf',
  112: 'vrrp',
  132: 'sctp',
};

/** For sorting: the most first. */
export const byBytes = (one: { bytes: number }, other: { bytes: number }): number => other.bytes - one.bytes;

function addressText(key: number | string): string {
  if (typeof key === 'string') return ip6Text(Buffer.from(key, 'latin1'));
  return ip4Text(Uint8Array.of(key >>> 24, key >>> 16, key >>> 8, key));
}

/** Who sent first is `src`. */
function directed(traffic: Traffic): Fields {
  const { beganForward, packets, bytes, forwardPackets, forwardBytes } = traffic;
  const [sentPackets, sentBytes] = beganForward
    ? [forwardPackets, forwardBytes]
    : [packets - forwardPackets, bytes - forwardBytes];
  return {
    packets,
    bytes,
    packets_sent: sentPackets,
    bytes_sent: sentBytes,
    packets_received: packets - sentPackets,
    bytes_received: bytes - sentBytes,
    start: traffic.first,
    duration: Math.round((traffic.last - traffic.first) * 1e6) / 1e6,
  };
}

/** One flow; who sent first is `src`. */
export function flowRow(flow: Flow): Fields {
  const [src, dst] = flow.beganForward ? [flow.a, flow.b] : [flow.b, flow.a];
  return {
    protocol: names[flow.protocol] ?? String(flow.protocol),
    src: addressText(src.key),
    sport: src.port,
    dst: addressText(dst.key),
    dport: dst.port,
    ...directed(flow),
  };
}

/** Pairs of addresses, whatever they said to each other. */
export function conversations(flows: readonly Flow[]): Fields[] {
  const pairs = new Map<number, Flow>();
  for (const flow of flows) {
    const pair = pairs.get(flow.pair);
    if (!pair) {
      pairs.set(flow.pair, { ...flow });
      continue;
    }
    if (flow.first < pair.first) pair.beganForward = flow.beganForward;
    pair.first = Math.min(pair.first, flow.first);
    pair.last = Math.max(pair.last, flow.last);
    for (const field of ['packets', 'bytes', 'forwardPackets', 'forwardBytes'] as const) pair[field] += flow[field];
  }
  return [...pairs.values()].sort(byBytes).map((pair) => {
    const [src, dst] = pair.beganForward ? [pair.a, pair.b] : [pair.b, pair.a];
    return { src: addressText(src.key), dst: addressText(dst.key), ...directed(pair) };
  });
}

/** Addresses, and what each sent and received. */
export function talkers(flows: readonly Flow[]): Fields[] {
  const found = new Map<number | string, { packets: number; bytes: number; sent: number; sentBytes: number }>();
  const add = (key: number | string, flow: Flow, isForward: boolean): void => {
    const entry = found.get(key) ?? { packets: 0, bytes: 0, sent: 0, sentBytes: 0 };
    entry.packets += flow.packets;
    entry.bytes += flow.bytes;
    entry.sent += isForward ? flow.forwardPackets : flow.packets - flow.forwardPackets;
    entry.sentBytes += isForward ? flow.forwardBytes : flow.bytes - flow.forwardBytes;
    found.set(key, entry);
  };
  for (const flow of flows) {
    add(flow.a.key, flow, true);
    if (flow.a.key !== flow.b.key) add(flow.b.key, flow, false);
  }
  return [...found]
    .sort(([, one], [, other]) => byBytes(one, other))
    .map(([key, { packets, bytes, sent, sentBytes }]) => ({
      address: addressText(key),
      packets,
      bytes,
      packets_sent: sent,
      bytes_sent: sentBytes,
      packets_received: packets - sent,
      bytes_received: bytes - sentBytes,
    }));
}

/** Protocols above IP, and what is not IP. */
export function protocols(flows: readonly Flow[], others: Map<string, { packets: number; bytes: number }>): Fields[] {
  const found = new Map([...others].map(([key, value]) => [key, { ...value }]));
  for (const { protocol, packets, bytes } of flows) {
    const key = names[protocol] ?? String(protocol);
    const entry = found.get(key) ?? { packets: 0, bytes: 0 };
    found.set(key, { packets: entry.packets + packets, bytes: entry.bytes + bytes });
  }
  return [...found]
    .sort(([, one], [, other]) => byBytes(one, other))
    .map(([protocol, { packets, bytes }]) => ({ protocol, packets, bytes }));
}
