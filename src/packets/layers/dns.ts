import { decode, encode, type Packet } from 'dns-packet';
import type { Fields, Value } from '../../model/value.ts';
import { hexBytes } from '../fields.ts';
import type { Layer } from '../layer.ts';
import { PacketError } from '../packet-error.ts';

const sections = { qd: 'questions', an: 'answers', ns: 'authorities', ar: 'additionals' } as const;
/** Bits of the second word (RFC 1035 §4.1.1, RFC 4035). */
const bits = { aa: 10, tc: 9, rd: 8, ra: 7, z: 6, ad: 5, cd: 4 } as const;
const names = ['id', 'qr', 'opcode', ...Object.keys(bits), 'rcode', ...Object.keys(sections), 'hex'];

/**
 * DNS. `qd` are questions (`name`, `type`), `an`, `ns` and `ar` records (`name`, `type`, `ttl`, `data`). A message whose names are
 * compressed comes with `hex`: its bytes as they were, which win over the fields.
 */
export const dns: Layer = {
  name: 'dns',
  title: 'DNS',
  fields: names,
  build(values, { payload, below }) {
    const message = values['hex'] !== undefined ? hexBytes(values['hex']) : encodeMessage(values);
    const length = Buffer.from([message.length >> 8, message.length & 255]);
    return Buffer.concat([...(below === 'tcp' ? [length] : []), message, payload]);
  },
  parse(bytes) {
    if (bytes.length < 12) return undefined;
    try {
      const fields = valuesOf(bytes);
      if (!again(fields)?.equals(bytes)) fields['hex'] = bytes.toString('hex');
      return { fields, payload: bytes.subarray(bytes.length) };
    } catch {
      return undefined;
    }
  },
  tell({ qr, qd, an }) {
    const question = Array.isArray(qd) ? (qd[0] as Fields | undefined) : undefined;
    const asked = question ? ` ${question['name']} ${question['type'] ?? 'A'}` : '';
    if (qr !== true && qr !== 1) return `query${asked}`;
    const first = Array.isArray(an) ? (an[0] as Fields | undefined)?.['data'] : undefined;
    return `answer${asked}${first === undefined ? '' : ` ${typeof first === 'string' ? first : JSON.stringify(first)}`}`;
  },
};

function again(fields: Fields): Buffer | undefined {
  try {
    return encodeMessage(fields);
  } catch {
    return undefined;
  }
}

/** A message as bytes, no name compressed. */
function encodeMessage(values: Fields): Buffer {
  const { id = 0, qr = false, opcode = 0, rcode = 0 } = values;
  let flags = (Number(opcode) << 11) | Number(rcode);
  for (const [name, bit] of Object.entries(bits)) if (values[name] ?? name === 'rd') flags |= 1 << bit;
  const packet: Packet = { id: Number(id), type: qr ? 'response' : 'query', flags };
  for (const [key, section] of Object.entries(sections))
    (packet as Record<string, unknown>)[section] = recordsOf(key, values[key] ?? []);
  try {
    return encode(packet);
  } catch (error) {
    throw new PacketError(`dns: ${error instanceof Error ? error.message : error}`);
  }
}

function recordsOf(section: string, records: Value): unknown[] {
  if (!Array.isArray(records)) throw new PacketError(`dns.${section} is a list`);
  return records.map((record) => {
    if (record === null || typeof record !== 'object' || Array.isArray(record) || typeof record['name'] !== 'string')
      throw new PacketError(`dns.${section}: each entry has a name`);
    return { type: 'A', ...(bytesIn(record) as object) };
  });
}

/** `{hex: …}` anywhere in a record stands for bytes. */
function bytesIn(value: Value): unknown {
  if (Array.isArray(value)) return value.map(bytesIn);
  if (value === null || typeof value !== 'object') return value;
  const { hex } = value;
  if (typeof hex === 'string' && Object.keys(value).length === 1) return hexBytes(hex);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bytesIn(item)]));
}

function valuesOf(bytes: Buffer): Fields {
  const word = bytes.readUInt16BE(2);
  const packet = decode(bytes) as unknown as Record<string, unknown>;
  const flags = Object.entries(bits).map(([name, bit]): [string, Value] => [name, ((word >> bit) & 1) === 1]);
  const records = Object.entries(sections).map(([key, section]): [string, Value] => [
    key,
    plain(packet[section]) as Value,
  ]);
  return {
    id: bytes.readUInt16BE(0),
    qr: word >= 0x8000,
    opcode: (word >> 11) & 15,
    ...Object.fromEntries(flags),
    rcode: word & 15,
    ...Object.fromEntries(records),
  };
}

/** Plain data of what the library has read: bytes that are text as text, others as `{hex: …}`. */
export function plain(value: unknown): Value {
  if (Buffer.isBuffer(value)) {
    const text = value.toString('utf8');
    return Buffer.from(text).equals(value) && !/[\0-\x08\x0e-\x1f]/.test(text) ? text : { hex: value.toString('hex') };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return (value ?? null) as Value;
  const kept = Object.entries(value).filter(
    ([key, item]) => item !== undefined && !(key === 'flush' && item === false),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, plain(item)]));
}
