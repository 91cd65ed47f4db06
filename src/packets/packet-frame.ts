import type { Value } from '../model/value.ts';
import type { Captured } from './captured.ts';
import { hexBytes } from './fields.ts';
import type { LayerName } from './layer.ts';
import { buildPacket, readLayers } from './stack.ts';

/** Link types of packets by their first layer; one that begins with another layer is taken for Ethernet. */
const links: Partial<Record<LayerName, number>> = { ip: 101, ipv6: 101, sll: 113, sll2: 276, loopback: 0 };

/** A packet of layers, or of bytes of Ethernet, as a frame of a capture. Throws PacketError. */
export function frameOf(packet: {
  layers?: readonly Value[] | undefined;
  hex?: string | undefined;
  /** Seconds since 1970. */
  time: number;
}): Captured {
  const stack = readLayers(packet.layers ?? []);
  const data = packet.hex === undefined ? buildPacket(stack) : hexBytes(packet.hex);
  const seconds = Math.floor(packet.time);
  // Microseconds are what a number keeps of the time of day.
  const nanos = Math.round((packet.time - seconds) * 1e6) * 1000;
  const first = stack[0]?.name;
  return { seconds, nanos, data, length: data.length, linkType: (first && links[first]) ?? 1 };
}
