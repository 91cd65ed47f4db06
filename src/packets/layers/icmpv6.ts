import type { Fields, Value } from '../../model/value.ts';
import { macBytes, macText } from '../addresses.ts';
import { internetChecksum, pseudoHeader } from '../checksum.ts';
import { decodeFields, encodeFields, type Field, hexBytes, lengthOf, numberOf, uint } from '../fields.ts';
import type { Layer } from '../layer.ts';
import { ipProtocols } from '../numbers.ts';
import { PacketError } from '../packet-error.ts';

/** Types of messages (RFC 4443, 4861). */
const types = {
  'dest-unreach': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'router-solicitation': 133,
  'router-advertisement': 134,
  'neighbor-solicitation': 135,
  'neighbor-advertisement': 136,
  redirect: 137,
};

const head: Field[] = [uint('type', 8, { default: 'echo-request', names: types }), uint('code', 8), uint('cksum', 16)];
const echo = [uint('id', 16), uint('seq', 16)];
const target: Field = { name: 'tgt', size: 128, kind: 'ip6', default: '::' };
const unused = [uint('unused', 32)];

const rest: Record<number, Field[]> = {
  2: [uint('mtu', 32, { default: 1280 })],
  4: [uint('ptr', 32, { default: 6 })],
  128: echo,
  129: echo,
  133: [uint('res', 32)],
  134: [
    uint('chlim', 8),
    uint('M', 1),
    uint('O', 1),
    uint('H', 1),
    uint('prf', 2, { default: 1 }),
    uint('P', 1),
    uint('res', 2),
    uint('routerlifetime', 16, { default: 1800 }),
    uint('reachabletime', 32),
    uint('retranstimer', 32),
  ],
  135: [uint('res', 32), target],
  136: [uint('R', 1, { default: 1 }), uint('S', 1), uint('O', 1, { default: 1 }), uint('res', 29), target],
  137: [uint('res', 32), target, { name: 'dst', size: 128, kind: 'ip6', default: '::' }],
};
/** Messages that quote the packet they are about, and those of neighbour discovery, which have options. */
const quotes = new Set([1, 2, 3, 4]);
const withOptions = new Set([133, 134, 135, 136, 137]);

const specOf = (type: number): Field[] => [...head, ...(rest[type] ?? unused)];

/** ICMPv6. `options` of neighbour discovery are `{src_lladdr: MAC}`, `{dst_lladdr: MAC}`, `{mtu: N}` or `{type: N, hex: …}`. */
export const icmpv6: Layer = {
  name: 'icmpv6',
  title: 'ICMPv6',
  fields: [...new Set([head, ...Object.values(rest), unused].flat().map(({ name }) => name)), 'options'],
  build(values, { payload, network }) {
    const { options = [], ...fields } = values;
    const type = numberOf('icmpv6', head[0]!, fields['type'] ?? 'echo-request');
    if (!Array.isArray(options)) throw new PacketError('icmpv6.options is a list');
    const header = Buffer.concat([encodeFields('icmpv6', specOf(type), fields), ...options.map(optionBytes)]);
    if (fields['cksum'] === undefined && network) {
      const pseudo = pseudoHeader(network, ipProtocols.icmpv6, header.length + payload.length);
      header.writeUInt16BE(internetChecksum(pseudo, header, payload), 2);
    }
    return Buffer.concat([header, payload]);
  },
  parse(bytes) {
    const type = bytes[0] ?? 0;
    const spec = specOf(type);
    const fields = decodeFields(spec, bytes);
    if (!fields) return undefined;
    let at = lengthOf(spec);
    const options: Value[] = [];
    while (withOptions.has(type)) {
      const length = (bytes[at + 1] ?? 0) * 8;
      if (length === 0 || at + length > bytes.length) break;
      options.push(optionOf(bytes.subarray(at, at + length)));
      at += length;
    }
    if (options.length > 0) fields['options'] = options;
    return { fields, payload: bytes.subarray(at), next: quotes.has(type) ? 'ipv6' : undefined };
  },
  tell({ type = 'echo-request', code = 0, tgt }, network) {
    const places = network ? `${network['src']} > ${network['dst']} ` : '';
    return `${places}${type} ${tgt === undefined ? code : tgt}`;
  },
};

const optionAdvice = 'an option of icmpv6 is {src_lladdr: MAC}, {dst_lladdr: MAC}, {mtu: N} or {type: N, hex: …}';

function optionBytes(option: Value): Buffer {
  const given: Fields = option !== null && typeof option === 'object' && !Array.isArray(option) ? option : {};
  const { src_lladdr: src, dst_lladdr: dst, mtu, type, hex } = given;
  const address = src ?? dst;
  if (typeof address === 'string')
    return Buffer.concat([Buffer.from([src === undefined ? 2 : 1, 1]), macBytes(address)]);
  if (typeof mtu === 'number') {
    const out = Buffer.from([5, 1, 0, 0, 0, 0, 0, 0]);
    out.writeUInt32BE(mtu, 4);
    return out;
  }
  if (typeof type !== 'number') throw new PacketError(optionAdvice);
  const body = hexBytes(hex ?? '');
  const fill = Buffer.alloc((8 - ((body.length + 2) % 8)) % 8);
  return Buffer.concat([Buffer.from([type, (2 + body.length + fill.length) / 8]), body, fill]);
}

function optionOf(bytes: Buffer): Value {
  if (bytes.length === 8 && bytes[0] === 1) return { src_lladdr: macText(bytes, 2) };
  if (bytes.length === 8 && bytes[0] === 2) return { dst_lladdr: macText(bytes, 2) };
  if (bytes.length === 8 && bytes[0] === 5 && bytes.readUInt16BE(2) === 0) return { mtu: bytes.readUInt32BE(4) };
  return { type: bytes[0]!, hex: bytes.toString('hex', 2) };
}
