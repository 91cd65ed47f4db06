import type { Fields, Value } from '../model/value.ts';
import { similar } from '../util/similar.ts';
import { ip4Text, ip6Text, ipBytes, macBytes, macText } from './addresses.ts';
import { PacketError } from './packet-error.ts';

/** Words for numbers of a field, and back. */
export type Names = Readonly<Record<string, number>>;

/** One field of a header, in the order of the wire. */
export interface Field {
  name: string;
  /** Bits. */
  size: number;
  /** How its bytes are written; a number when not said. Zero bytes fill up a `text`; one that is none is `{hex: …}`. */
  kind?: 'mac' | 'ip4' | 'ip6' | 'hex' | 'text';
  default?: Value;
  /** Words that stand for numbers. */
  names?: Names;
  /** Names of single bits, the lowest first, and what joins them: `SA`, `DF+MF`. */
  bits?: { names: readonly string[]; join: '' | '+' };
}

/** A number of so many bits, the default 0. */
export const uint = (name: string, size: number, more: Partial<Field> = {}): Field => ({ name, size, ...more });

/** How many bytes the fields take. */
export function lengthOf(spec: readonly Field[]): number {
  return spec.reduce((sum, { size }) => sum + size, 0) / 8;
}

/** Refuses names that the layer does not have. */
export function checkNames(layer: string, known: readonly string[], values: Fields): void {
  for (const name of Object.keys(values)) {
    if (known.includes(name)) continue;
    const near = similar(name, known);
    const advice = near === undefined ? `its fields are ${known.join(', ')}` : `did you mean ${near}?`;
    throw new PacketError(`${layer} has no field "${name}"; ${advice}`);
  }
}

/** The header with these values; those that are missing have their defaults. */
export function encodeFields(layer: string, spec: readonly Field[], values: Fields): Buffer {
  const out = Buffer.alloc(lengthOf(spec));
  let bit = 0;
  for (const field of spec) {
    const value = values[field.name] ?? field.default ?? (field.kind === undefined ? 0 : '');
    if (field.kind === undefined) putBits(out, { bit, size: field.size, value: numberOf(layer, field, value) });
    else within(layer, field, () => bytesOf(field, value)).copy(out, bit / 8);
    bit += field.size;
  }
  return out;
}

/** The values of a header; undefined when there are too few bytes. */
export function decodeFields(spec: readonly Field[], bytes: Buffer): Fields | undefined {
  if (bytes.length < lengthOf(spec)) return undefined;
  const values: Fields = {};
  let bit = 0;
  for (const field of spec) {
    values[field.name] =
      field.kind === undefined ? wordFor(field, bits(bytes, bit, field.size)) : textOf(field, bytes, bit / 8);
    bit += field.size;
  }
  return values;
}

/** What is wrong with a value says of which field. */
function within<T>(layer: string, field: Field, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof PacketError ? new PacketError(`${layer}.${field.name}: ${error.message}`) : error;
  }
}

/** The number that a value of a field stands for. Throws PacketError. */
export function numberOf(layer: string, field: Field, value: Value): number {
  return within(layer, field, () => {
    const number = typeof value === 'string' ? numberOfText(field, value) : Number(value);
    if (!Number.isInteger(number) || number < 0 || number >= 2 ** field.size)
      throw new PacketError(`${JSON.stringify(value)} does not fit: it is a number from 0 to ${2 ** field.size - 1}`);
    return number;
  });
}

function numberOfText(field: Field, text: string): number {
  const named = field.names?.[text];
  if (named !== undefined) return named;
  if (field.bits && !/^\d/.test(text)) return flagsOf(field.bits, text);
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) return Number(text);
  const known = field.names ? `one of ${Object.keys(field.names).join(', ')}, or a number` : 'a number';
  throw new PacketError(`"${text}" is not ${known}`);
}

function flagsOf({ names, join }: NonNullable<Field['bits']>, text: string): number {
  let sum = 0;
  for (const name of join === '' ? text : text.split(join)) {
    const at = names.indexOf(name);
    if (at < 0 && name !== '') throw new PacketError(`"${text}" is not made of ${names.join(', ')}`);
    if (at >= 0) sum |= 1 << at;
  }
  return sum;
}

function wordFor(field: Field, number: number): Value {
  if (field.bits) {
    const { names, join } = field.bits;
    return names.filter((_, at) => number & (1 << at)).join(join);
  }
  const named = field.names && Object.keys(field.names).find((name) => field.names?.[name] === number);
  return named ?? number;
}

function bytesOf(field: Field, value: Value): Buffer {
  const isHex = field.kind === 'hex' || (value !== null && typeof value === 'object');
  const text = String(value);
  if (field.kind === 'mac') return macBytes(text === '' ? '00:00:00:00:00:00' : text);
  if (field.kind === 'ip4') return ipBytes(text === '' ? '0.0.0.0' : text, 4);
  if (field.kind === 'ip6') return ipBytes(text === '' ? '::' : text, 6);
  const bytes = isHex ? hexBytes((value as Fields)['hex'] ?? value) : Buffer.from(text);
  if (bytes.length > field.size / 8) throw new PacketError(`it is longer than ${field.size / 8} bytes`);
  return bytes;
}

function textOf(field: Field, bytes: Buffer, at: number): Value {
  if (field.kind === 'mac') return macText(bytes, at);
  if (field.kind === 'ip4') return ip4Text(bytes, at);
  if (field.kind === 'ip6') return ip6Text(bytes, at);
  const slice = bytes.subarray(at, at + field.size / 8);
  if (field.kind === 'hex') return slice.toString('hex');
  const text = slice.toString('latin1').replace(/\0*$/, '');
  return /^[\x20-\x7e]*$/.test(text) ? text : { hex: slice.toString('hex') };
}

/** Bytes of hexadecimal digits; spaces and colons between them do not count. */
export function hexBytes(given: Value): Buffer {
  if (typeof given === 'number')
    throw new PacketError(`${given} has been read as a number: write the digits in quotes`);
  const text = String(given);
  const digits = text.replace(/[\s:]/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new PacketError(`"${text}" is not made of pairs of hexadecimal digits`);
  return Buffer.from(digits, 'hex');
}

function putBits(out: Buffer, { bit, size, value }: { bit: number; size: number; value: number }): void {
  let rest = value;
  for (let at = bit + size - 1; at >= bit; at -= 1) {
    if (rest % 2 === 1) out[at >> 3]! |= 0x80 >> (at & 7);
    rest = Math.floor(rest / 2);
  }
}

function bits(bytes: Buffer, bit: number, size: number): number {
  if (bit % 8 === 0 && size % 8 === 0) return bytes.readUIntBE(bit / 8, size / 8);
  let value = 0;
  for (let at = bit; at < bit + size; at += 1) value = value * 2 + ((bytes[at >> 3]! >> (7 - (at & 7))) & 1);
  return value;
}
