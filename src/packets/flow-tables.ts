import type { Fields } from '../model/value.ts';
import { ip4Text, ip6Text } from './addresses.ts';
import type { Captured } from './captured.ts';
import { emptyView, type FrameView, lookAt, skipExtensions } from './frame-view.ts';

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

interface Flow extends Traffic {
  protocol: number;
  /** Number of the pair of addresses. */
  pair: number;
  a: { key: number | string; port: number };
  b: { key: number | string; port: number };
}

/** Numbers for keys, in the order in which they are first seen. */
type Numbering<K> = Map<K, number>;

/** Flows by one number of what they are: that of the pair of addresses, and that of ports and protocol. */
interface Known {
  addresses: Numbering<number | string>;
  pairs: Numbering<number>;
  services: Numbering<number>;
  flows: Map<number, Flow>;
}

/** Two numbers of up to 26 bits as one, which a number still holds exactly. */
const both = (one: number, other: number): number => one * 2 ** 26 + other;

/** The tables that a capture can be summed up in. */
export type TableName = 'flows' | 'conversations' | 'talkers' | 'protocols';

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
const links: Record<number, string> = { 2054: 'arp', 35020: 'lldp', 34958: 'eapol', 34887: 'mpls' };

/**
 * Sums up frames as they come. What it keeps grows with the number of different flows, not with that of frames: one entry for two places,
 * their ports and the protocol.
 */
export function flowTables(): { add(frame: Captured): void; rows(table: TableName): Fields[] } {
  const view = emptyView();
  const known: Known = { addresses: new Map(), pairs: new Map(), services: new Map(), flows: new Map() };
  const others = new Map<string, { packets: number; bytes: number }>();
  return {
    add(frame) {
      view.data = frame.data;
      view.linkType = frame.linkType;
      lookAt(view);
      if (view.type === 0x8100 || view.type === 0x88a8) lookAt(view, 1);
      if (view.type === 0x8100) lookAt(view, 2);
      if (view.protocol < 0)
        count(
          others,
          links[view.type] ?? (view.type < 0 ? 'other' : `0x${view.type.toString(16).padStart(4, '0')}`),
          frame,
        );
      else addFlow(known, view, frame);
    },
    rows(table) {
      const flows = [...known.flows.values()];
      if (table === 'flows') return flows.sort(byBytes).map(flowRow);
      if (table === 'conversations') return conversations(flows);
      return table === 'talkers' ? talkers(flows) : protocols(flows, others);
    },
  };
}

function count(into: Map<string, { packets: number; bytes: number }>, key: string, frame: { length: number }): void {
  const entry = into.get(key) ?? { packets: 0, bytes: 0 };
  entry.packets += 1;
  entry.bytes += frame.length;
  into.set(key, entry);
}

function numberOf<K>(numbering: Numbering<K>, key: K): number {
  let number = numbering.get(key);
  if (number === undefined) {
    number = numbering.size;
    numbering.set(key, number);
  }
  return number;
}

/** Four bytes are a number; sixteen are kept as they are, one character each. */
function placeAt(view: FrameView, at: number): number | string {
  return view.type === 0x0800 ? view.data.readUInt32BE(at) : view.data.toString('latin1', at, at + 16);
}

function addFlow(known: Known, view: FrameView, frame: Captured): void {
  skipExtensions(view);
  const { data, at, protocol, transport } = view;
  const isFour = view.type === 0x0800;
  const src = placeAt(view, at + (isFour ? 12 : 8));
  const dst = placeAt(view, at + (isFour ? 16 : 24));
  const hasPorts =
    (protocol === 6 || protocol === 17 || protocol === 132) && !view.isFragment && data.length >= transport + 4;
  const ports = hasPorts ? data.readUInt32BE(transport) : 0;
  const [sport, dport] = [ports >>> 16, ports & 0xffff];
  const forward = src < dst || (src === dst && sport <= dport);
  const [a, b] = forward ? [src, dst] : [dst, src];
  const pair = numberOf(known.pairs, both(numberOf(known.addresses, a), numberOf(known.addresses, b)));
  const [first, second] = forward ? [sport, dport] : [dport, sport];
  const service = numberOf(known.services, (first * 65_536 + second) * 256 + protocol);
  const key = both(pair, service);
  const time = frame.seconds + frame.nanos / 1e9;
  let flow = known.flows.get(key);
  if (!flow) {
    flow = {
      protocol,
      pair,
      a: { key: a, port: first },
      b: { key: b, port: second },
      first: time,
      last: time,
      packets: 0,
      bytes: 0,
      forwardPackets: 0,
      forwardBytes: 0,
      beganForward: forward,
    };
    known.flows.set(key, flow);
  }
  if (time < flow.first) flow.first = time;
  if (time > flow.last) flow.last = time;
  flow.packets += 1;
  flow.bytes += frame.length;
  if (forward) {
    flow.forwardPackets += 1;
    flow.forwardBytes += frame.length;
  }
}

const byBytes = (one: { bytes: number }, other: { bytes: number }): number => other.bytes - one.bytes;

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

function flowRow(flow: Flow): Fields {
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
function conversations(flows: readonly Flow[]): Fields[] {
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
function talkers(flows: readonly Flow[]): Fields[] {
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
function protocols(flows: readonly Flow[], others: Map<string, { packets: number; bytes: number }>): Fields[] {
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
