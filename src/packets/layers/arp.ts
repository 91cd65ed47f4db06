import { decodeFields, encodeFields, type Field, uint } from '../fields.ts';
import type { Layer } from '../layer.ts';
import { etherTypes } from '../numbers.ts';

/** RFC 826, for IPv4 over Ethernet. */
const spec: Field[] = [
  uint('hwtype', 16, { default: 1 }),
  uint('ptype', 16, { default: 0x0800, names: { ip: etherTypes.ip } }),
  uint('hwlen', 8, { default: 6 }),
  uint('plen', 8, { default: 4 }),
  uint('op', 16, { default: 1, names: { 'who-has': 1, 'is-at': 2 } }),
  { name: 'hwsrc', size: 48, kind: 'mac' },
  { name: 'psrc', size: 32, kind: 'ip4' },
  { name: 'hwdst', size: 48, kind: 'mac' },
  { name: 'pdst', size: 32, kind: 'ip4' },
];

/** Who has an address, and who says so. */
export const arp: Layer = {
  name: 'arp',
  title: 'ARP',
  fields: spec.map(({ name }) => name),
  build: (values, { payload }) => Buffer.concat([encodeFields('arp', spec, values), payload]),
  parse(bytes) {
    if (bytes[4] !== 6 || bytes[5] !== 4) return undefined;
    const fields = decodeFields(spec, bytes);
    return fields && { fields, payload: bytes.subarray(28, 28), padding: bytes.subarray(28) };
  },
  tell({ op = 'who-has', psrc = '0.0.0.0', pdst = '0.0.0.0', hwsrc = '00:00:00:00:00:00' }) {
    if (op === 'who-has' || op === 1) return `who has ${pdst} says ${psrc}`;
    return op === 'is-at' || op === 2 ? `is at ${hwsrc} says ${psrc}` : `${op} ${psrc} > ${pdst}`;
  },
};
