import type { Fields } from '../model/value.ts';
import type { Captured } from './captured.ts';
import { byBytes, conversations, type Flow, flowRow, protocols, talkers } from './flow-rows.ts';
import { emptyView, type FrameView, lookAt, skipExtensions } from './frame-view.ts';

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
