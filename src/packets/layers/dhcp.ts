import { macBytes, macText } from '../addresses.ts';
import { buildDhcpOptions, parseDhcpOptions } from '../dhcp-options.ts';
import { decodeFields, encodeFields, type Field, hexBytes, uint } from '../fields.ts';
import type { Layer } from '../layer.ts';

/** RFC 2131 §2; the hardware address has 16 bytes, of which Ethernet uses six. */
const spec: Field[] = [
  uint('op', 8, { default: 1, names: { request: 1, reply: 2 } }),
  uint('htype', 8, { default: 1 }),
  uint('hlen', 8, { default: 6 }),
  uint('hops', 8),
  uint('xid', 32),
  uint('secs', 16),
  uint('flags', 16, { names: { B: 0x8000 } }),
  { name: 'ciaddr', size: 32, kind: 'ip4' },
  { name: 'yiaddr', size: 32, kind: 'ip4' },
  { name: 'siaddr', size: 32, kind: 'ip4' },
  { name: 'giaddr', size: 32, kind: 'ip4' },
  { name: 'chaddr', size: 128, kind: 'hex' },
  { name: 'sname', size: 512, kind: 'text' },
  { name: 'file', size: 1024, kind: 'text' },
];
const magic = '63825363';

/** DHCP, with the message of BOOTP that it travels in. */
export const dhcp: Layer = {
  name: 'dhcp',
  title: 'DHCP',
  fields: [...spec.map(({ name }) => name), 'options'],
  build(values, { payload }) {
    const { options = [], chaddr = '', ...fields } = values;
    const address = String(chaddr);
    const hardware = /^..([:-]..){5}$/.test(address) ? macBytes(address).toString('hex') : address;
    const header = encodeFields('dhcp', spec, { ...fields, chaddr: hardware });
    return Buffer.concat([header, hexBytes(magic), buildDhcpOptions(options), payload]);
  },
  parse(bytes) {
    const fields = decodeFields(spec, bytes);
    if (!fields || bytes.toString('hex', 236, 240) !== magic) return undefined;
    const hardware = bytes.subarray(28, 44);
    if (hardware.subarray(6).every((byte) => byte === 0)) fields['chaddr'] = macText(hardware);
    const { options, length } = parseDhcpOptions(bytes.subarray(240));
    return { fields: { ...fields, options }, payload: bytes.subarray(240 + length) };
  },
  tell({ options, chaddr }) {
    const list = Array.isArray(options) ? options : [];
    const type = list.find((one) => one !== null && typeof one === 'object' && 'message-type' in one);
    return `${type ? Object.values(type)[0] : 'bootp'} ${chaddr ?? ''}`.trimEnd();
  },
};
