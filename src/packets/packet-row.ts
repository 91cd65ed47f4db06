import type { Fields } from '../model/value.ts';
import type { Captured } from './captured.ts';
import { firstLayer, parsePacket } from './stack.ts';
import { summaryOf } from './summary.ts';

/** A frame as a row of a table: when, between whom, how long, in one line, and its layers with their fields. */
export function packetRow(frame: Captured): Fields {
  const { data, length, linkType, seconds, nanos } = frame;
  const stack = parsePacket(data, firstLayer(linkType, data));
  const of = (name: string): Fields | undefined => stack.find((layer) => layer.name === name)?.fields;
  const network = of('ip') ?? of('ipv6');
  const arp = of('arp');
  const transport = of('tcp') ?? of('udp');
  return {
    time: seconds + nanos / 1e9,
    length,
    src: network?.['src'] ?? arp?.['psrc'] ?? of('ether')?.['src'] ?? null,
    dst: network?.['dst'] ?? arp?.['pdst'] ?? of('ether')?.['dst'] ?? null,
    sport: transport?.['sport'] ?? null,
    dport: transport?.['dport'] ?? null,
    protocol: stack.findLast(({ name }) => name !== 'raw' && name !== 'padding')?.name ?? 'raw',
    summary: summaryOf(stack),
    layers: stack.map(({ name, fields }) => ({ [name]: fields })),
  };
}
