import { internetChecksum, pseudoHeader } from '../checksum.ts';
import { decodeFields, encodeFields, type Field, uint } from '../fields.ts';
import type { Layer, LayerName } from '../layer.ts';
import { ipProtocols } from '../numbers.ts';

/** RFC 768. */
const spec: Field[] = [
  uint('sport', 16, { default: 53 }),
  uint('dport', 16, { default: 53 }),
  uint('len', 16),
  uint('chksum', 16),
];

/** UDP. */
export const udp: Layer = {
  name: 'udp',
  title: 'UDP',
  fields: spec.map(({ name }) => name),
  build(values, { payload, next, network }) {
    const ports = next === 'dhcp' ? { sport: 68, dport: 67 } : {};
    const header = encodeFields('udp', spec, { ...ports, len: 8 + payload.length, ...values });
    if (values['chksum'] === undefined && network) {
      const pseudo = pseudoHeader(network, ipProtocols.udp, header.length + payload.length);
      // A sum of 0 means "no sum", so 0 is sent as its other form.
      header.writeUInt16BE(internetChecksum(pseudo, header, payload) || 0xffff, 6);
    }
    return Buffer.concat([header, payload]);
  },
  parse(bytes, below) {
    const fields = decodeFields(spec, bytes);
    if (!fields) return undefined;
    const length = bytes.readUInt16BE(4);
    const end = below !== undefined && length >= 8 && length < bytes.length ? length : bytes.length;
    return {
      fields,
      payload: bytes.subarray(8, end),
      next: layerOfPorts(bytes.readUInt16BE(0), bytes.readUInt16BE(2)),
      ...(end < bytes.length && { padding: bytes.subarray(end) }),
    };
  },
  tell: ({ sport = 53, dport = 53 }, network) => between({ sport, dport }, network),
};

function layerOfPorts(sport: number, dport: number): LayerName | undefined {
  const either = (port: number): boolean => sport === port || dport === port;
  if (either(53) || either(5353)) return 'dns';
  return either(67) || either(68) ? 'dhcp' : undefined;
}

/** `10.0.0.1:20 > 10.0.0.2:80`; an address of IPv6 in brackets. */
export function between(
  ports: { sport: unknown; dport: unknown },
  network: { [key: string]: unknown } | undefined,
): string {
  const place = (address: unknown, port: unknown): string =>
    address === undefined
      ? String(port)
      : String(address).includes(':')
        ? `[${address}]:${port}`
        : `${address}:${port}`;
  return `${place(network?.['src'], ports.sport)} > ${place(network?.['dst'], ports.dport)}`;
}
