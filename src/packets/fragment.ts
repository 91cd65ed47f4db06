import { internetChecksum } from './checksum.ts';
import type { LayerName, Stacked } from './layer.ts';
import { PacketError } from './packet-error.ts';
import { buildPacket } from './stack.ts';

/**
 * The packet in pieces, as a router would cut it (RFC 791 §3.2, RFC 8200 §4.5): what the first IPv4 header or the fragment header of IPv6 carries, at
 * most `size` bytes of it in each (8 or more), of which all pieces but the last have a multiple of eight. Padding is left out. Throws PacketError
 * when there is nowhere to cut.
 */
export function fragmentsOf(stack: readonly Stacked[], size: number): Buffer[] {
  const inner = stack.filter(({ name }) => name !== 'padding');
  const at = inner.findIndex(({ name }) => name === 'ip' || name === 'ipv6_fragment');
  if (at < 0) throw new PacketError(nowhere(inner.map(({ name }) => name)));
  const whole = buildPacket(inner);
  // The headers up to there have the same length whatever they carry.
  const [start, end] = [buildPacket(inner.slice(0, at)).length, buildPacket(inner.slice(0, at + 1)).length];
  const network = buildPacket(
    inner.slice(
      0,
      inner.findLastIndex(({ name }, i) => i < at && name === 'ipv6'),
    ),
  ).length;
  const step = size - (size % 8);
  const length = whole.length - end;
  const pieces: Buffer[] = [];
  for (let offset = 0, isLast = false; !isLast; offset += step) {
    isLast = offset + size >= length;
    const payload = whole.subarray(end + offset, isLast ? whole.length : end + offset + step);
    const head = Buffer.from(whole.subarray(0, end));
    const place = { offset: offset / 8, isLast };
    if (inner[at]!.name === 'ip') markIp4(head.subarray(start), payload.length, place);
    else {
      head.writeUInt16BE(end - network - 40 + payload.length, network + 4);
      markIp6(head.subarray(start), place);
    }
    pieces.push(Buffer.concat([head, payload]));
  }
  return pieces;
}

function nowhere(names: readonly LayerName[]): string {
  return names.includes('ipv6')
    ? 'IPv6 is cut where its fragment header stands: put - ipv6_fragment: {id: 1} behind ipv6'
    : 'only IP can be cut into fragments, and there is no ip layer';
}

interface Place {
  /** In units of eight bytes. */
  offset: number;
  isLast: boolean;
}

function markIp4(header: Buffer, payload: number, { offset, isLast }: Place): void {
  const word = header.readUInt16BE(6);
  const at = ((word & 0x1fff) + offset) & 0x1fff;
  header.writeUInt16BE((header.length + payload) & 0xffff, 2);
  header.writeUInt16BE((word & 0xe000) | (isLast ? 0 : 0x2000) | at, 6);
  header.writeUInt16BE(0, 10);
  header.writeUInt16BE(internetChecksum(header), 10);
}

function markIp6(header: Buffer, { offset, isLast }: Place): void {
  const word = header.readUInt16BE(2);
  header.writeUInt16BE(((word + (offset << 3)) & 0xfff8) | (word & 7) | (isLast ? 0 : 1), 2);
}
