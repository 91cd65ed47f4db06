import { internetChecksum } from '../checksum.ts';
import { decodeFields, encodeFields, type Field, hexBytes, uint } from '../fields.ts';
import type { Layer, LayerName } from '../layer.ts';
import { ipProtocols, layerOfProtocol, protocolOf } from '../numbers.ts';

/** RFC 791. */
const spec: Field[] = [
  uint('version', 4, { default: 4 }),
  uint('ihl', 4),
  uint('tos', 8),
  uint('len', 16),
  uint('id', 16, { default: 1 }),
  uint('flags', 3, { bits: { names: ['MF', 'DF', 'evil'], join: '+' } }),
  uint('frag', 13),
  uint('ttl', 8, { default: 64 }),
  uint('proto', 8, { names: ipProtocols }),
  uint('chksum', 16),
  { name: 'src', size: 32, kind: 'ip4', default: '127.0.0.1' },
  { name: 'dst', size: 32, kind: 'ip4', default: '127.0.0.1' },
];

/** IPv4. `options` are bytes in hexadecimal, filled up with zeros. */
export const ip: Layer = {
  name: 'ip',
  title: 'IP',
  fields: [...spec.map(({ name }) => name), 'options'],
  build(values, { payload, next }) {
    const { options = '', ...fields } = values;
    const given = hexBytes(options);
    const extra = Buffer.concat([given, Buffer.alloc((4 - (given.length % 4)) % 4)]);
    const length = 20 + extra.length;
    const automatic = { ihl: length / 4, len: length + payload.length, proto: protocolOf(next) ?? 0 };
    const header = Buffer.concat([encodeFields('ip', spec, { ...automatic, ...fields }), extra]);
    if (fields['chksum'] === undefined) header.writeUInt16BE(internetChecksum(header), 10);
    return Buffer.concat([header, payload]);
  },
  parse(bytes, below) {
    const fields = decodeFields(spec, bytes);
    const length = (bytes[0]! & 15) * 4;
    if (!fields || bytes[0]! >> 4 !== 4 || length < 20 || length > bytes.length) return undefined;
    if (length > 20) fields['options'] = bytes.toString('hex', 20, length);
    // What an error message of ICMP quotes may be cut short, and then `len` is more than there is.
    const stated = bytes.readUInt16BE(2);
    const end = stated >= length && stated < bytes.length && below !== 'icmp' ? stated : bytes.length;
    const isLater = (bytes.readUInt16BE(6) & 0x1fff) > 0;
    return {
      fields,
      payload: bytes.subarray(length, end),
      next: isLater ? undefined : layerOfProtocol(bytes[9]!, 4),
      ...(end < bytes.length && { padding: bytes.subarray(end) }),
    };
  },
};

/** RFC 8200. */
const spec6: Field[] = [
  uint('version', 4, { default: 6 }),
  uint('tc', 8),
  uint('fl', 20),
  uint('plen', 16),
  uint('nh', 8, { names: ipProtocols }),
  uint('hlim', 8, { default: 64 }),
  { name: 'src', size: 128, kind: 'ip6', default: '::1' },
  { name: 'dst', size: 128, kind: 'ip6', default: '::1' },
];

/** IPv6. */
export const ipv6: Layer = {
  name: 'ipv6',
  title: 'IPv6',
  fields: spec6.map(({ name }) => name),
  build(values, { payload, next }) {
    const automatic = { plen: payload.length, nh: protocolOf(next) ?? ipProtocols['no-next'] };
    return Buffer.concat([encodeFields('ipv6', spec6, { ...automatic, ...values }), payload]);
  },
  parse(bytes, below) {
    const fields = decodeFields(spec6, bytes);
    if (!fields || bytes[0]! >> 4 !== 6) return undefined;
    const stated = 40 + bytes.readUInt16BE(4);
    const end = stated > 40 && stated < bytes.length && below !== 'icmpv6' ? stated : bytes.length;
    return {
      fields,
      payload: bytes.subarray(40, end),
      next: layerOfProtocol(bytes[6]!, 6),
      ...(end < bytes.length && { padding: bytes.subarray(end) }),
    };
  },
};

const next = uint('nh', 8, { names: ipProtocols });
const orNone = (layer: LayerName | undefined): number => protocolOf(layer) ?? ipProtocols['no-next'];

/** Hop-by-hop and destination options and routing headers of IPv6; `data` is what comes after the length, in hexadecimal. */
export const ipv6Ext: Layer = {
  name: 'ipv6_ext',
  title: 'IPv6Ext',
  fields: ['nh', 'len', 'data'],
  build(values, around) {
    const { data = '010400000000', ...fields } = values;
    const body = hexBytes(data);
    const automatic = { nh: orNone(around.next), len: Math.max(0, Math.ceil((2 + body.length) / 8) - 1) };
    const fill = Buffer.alloc((8 - ((2 + body.length) % 8)) % 8);
    const head = encodeFields('ipv6_ext', [next, uint('len', 8)], { ...automatic, ...fields });
    return Buffer.concat([head, body, fill, around.payload]);
  },
  parse(bytes) {
    const length = ((bytes[1] ?? 0) + 1) * 8;
    if (bytes.length < length) return undefined;
    const fields = { ...decodeFields([next, uint('len', 8)], bytes), data: bytes.toString('hex', 2, length) };
    return { fields, payload: bytes.subarray(length), next: layerOfProtocol(bytes[0]!, 6) };
  },
};

const fragment: Field[] = [next, uint('res1', 8), uint('offset', 13), uint('res2', 2), uint('m', 1), uint('id', 32)];

/** A fragment of IPv6; `offset` counts units of eight bytes. */
export const ipv6Fragment: Layer = {
  name: 'ipv6_fragment',
  title: 'IPv6Fragment',
  fields: fragment.map(({ name }) => name),
  build: (values, around) =>
    Buffer.concat([encodeFields('ipv6_fragment', fragment, { nh: orNone(around.next), ...values }), around.payload]),
  parse(bytes) {
    const fields = decodeFields(fragment, bytes);
    if (!fields) return undefined;
    const isFirst = fields['offset'] === 0;
    return { fields, payload: bytes.subarray(8), next: isFirst ? layerOfProtocol(bytes[0]!, 6) : undefined };
  },
};
