import type { Fields } from '../../model/value.ts';
import { hexBytes } from '../fields.ts';
import type { Layer } from '../layer.ts';
import { PacketError } from '../packet-error.ts';

/** Bytes of `text` (UTF-8) or of `hex`. */
function bytesOf(values: Fields): Buffer {
  const { text, hex } = values;
  if (text !== undefined && hex !== undefined) throw new PacketError('raw has text or hex, not both');
  return hex === undefined ? Buffer.from(String(text ?? '')) : hexBytes(hex);
}

/** As text where it is plain text, in hexadecimal digits otherwise. */
const valuesOf = (bytes: Buffer): Fields =>
  /^[\t\r\n\x20-\x7e]*$/.test(bytes.toString('latin1'))
    ? { text: bytes.toString('latin1') }
    : { hex: bytes.toString('hex') };

/** What is carried. */
export const raw: Layer = {
  name: 'raw',
  title: 'Raw',
  fields: ['text', 'hex'],
  build: (values, { payload }) => Buffer.concat([bytesOf(values), payload]),
  parse: (bytes) => ({ fields: valuesOf(bytes), payload: bytes.subarray(bytes.length) }),
};

/** Bytes behind the packet that no length counts. */
export const padding: Layer = { ...raw, name: 'padding', title: 'Padding' };
