import { internetChecksum, pseudoHeader } from '../checksum.ts';
import { decodeFields, encodeFields, type Field, uint } from '../fields.ts';
import type { Layer } from '../layer.ts';
import { ipProtocols } from '../numbers.ts';
import { buildTcpOptions, parseTcpOptions } from '../tcp-options.ts';
import { between } from './udp.ts';

/** RFC 9293, with the ninth flag of RFC 3540. */
const spec: Field[] = [
  uint('sport', 16, { default: 20 }),
  uint('dport', 16, { default: 80 }),
  uint('seq', 32),
  uint('ack', 32),
  uint('dataofs', 4),
  uint('reserved', 3),
  uint('flags', 9, { default: 'S', bits: { names: [...'FSRPAUECN'], join: '' } }),
  uint('window', 16, { default: 8192 }),
  uint('chksum', 16),
  uint('urgptr', 16),
];

/** TCP. */
export const tcp: Layer = {
  name: 'tcp',
  title: 'TCP',
  fields: [...spec.map(({ name }) => name), 'options'],
  build(values, { payload, next, network }) {
    const { options = [], ...fields } = values;
    const extra = buildTcpOptions(options);
    const ports = next === 'dns' ? { sport: 53, dport: 53 } : {};
    const automatic = { ...ports, dataofs: 5 + extra.length / 4 };
    const header = Buffer.concat([encodeFields('tcp', spec, { ...automatic, ...fields }), extra]);
    if (fields['chksum'] === undefined && network) {
      const pseudo = pseudoHeader(network, ipProtocols.tcp, header.length + payload.length);
      header.writeUInt16BE(internetChecksum(pseudo, header, payload), 16);
    }
    return Buffer.concat([header, payload]);
  },
  parse(bytes) {
    const fields = decodeFields(spec, bytes);
    if (!fields) return undefined;
    const length = (bytes[12]! >> 4) * 4;
    if (length < 20 || length > bytes.length) return undefined;
    if (length > 20) fields['options'] = parseTcpOptions(bytes.subarray(20, length));
    return { fields, payload: bytes.subarray(length) };
  },
  tell: ({ sport = 20, dport = 80, flags = 'S' }, network) =>
    `${between({ sport, dport }, network)} ${flags}`.trimEnd(),
};
