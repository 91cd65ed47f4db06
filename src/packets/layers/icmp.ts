import type { Fields } from '../../model/value.ts';
import { internetChecksum } from '../checksum.ts';
import { decodeFields, encodeFields, type Field, lengthOf, numberOf, uint } from '../fields.ts';
import type { Layer } from '../layer.ts';

/** Types of messages (IANA). */
const types = {
  'echo-reply': 0,
  'dest-unreach': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'information-request': 15,
  'information-response': 16,
  'address-mask-request': 17,
  'address-mask-reply': 18,
};

const head: Field[] = [uint('type', 8, { default: 'echo-request', names: types }), uint('code', 8), uint('chksum', 16)];
const echo = [uint('id', 16), uint('seq', 16)];
const times = [uint('ts_ori', 32), uint('ts_rx', 32), uint('ts_tx', 32)];
const quoting = [uint('reserved', 8), uint('length', 8)];

/** What comes after the first four bytes, by type (RFC 792, 950, 1191, 4884). */
const rest: Record<number, Field[]> = {
  0: echo,
  3: [...quoting, uint('nexthopmtu', 16)],
  5: [{ name: 'gw', size: 32, kind: 'ip4' }],
  8: echo,
  11: [...quoting, uint('unused', 16)],
  12: [uint('ptr', 8), uint('length', 8), uint('unused', 16)],
  13: [...echo, ...times],
  14: [...echo, ...times],
  15: echo,
  16: echo,
  17: [...echo, { name: 'addr_mask', size: 32, kind: 'ip4' }],
  18: [...echo, { name: 'addr_mask', size: 32, kind: 'ip4' }],
};
const other = [uint('unused', 32)];
/** Messages that quote the packet they are about. */
const quotes = new Set([3, 4, 5, 11, 12]);

const specOf = (type: number): Field[] => [...head, ...(rest[type] ?? other)];
const typeOf = (values: Fields): number => numberOf('icmp', head[0]!, values['type'] ?? 'echo-request');

/** ICMP. */
export const icmp: Layer = {
  name: 'icmp',
  title: 'ICMP',
  fields: [...new Set([head, ...Object.values(rest), other].flat().map(({ name }) => name))],
  build(values, { payload }) {
    const header = encodeFields('icmp', specOf(typeOf(values)), values);
    if (values['chksum'] === undefined) header.writeUInt16BE(internetChecksum(header, payload), 2);
    return Buffer.concat([header, payload]);
  },
  parse(bytes) {
    const spec = specOf(bytes[0] ?? 0);
    const fields = decodeFields(spec, bytes);
    return (
      fields && { fields, payload: bytes.subarray(lengthOf(spec)), next: quotes.has(bytes[0]!) ? 'ip' : undefined }
    );
  },
  tell({ type = 'echo-request', code = 0 }, network) {
    return `${network ? `${network['src']} > ${network['dst']} ` : ''}${type} ${code}`;
  },
};
