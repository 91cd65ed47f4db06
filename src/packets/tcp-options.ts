import type { Value } from '../model/value.ts';
import { hexBytes } from './fields.ts';
import { PacketError } from './packet-error.ts';

/** Kinds of options by name (IANA): how many bytes of values they have, and in which units. */
const kinds = {
  eol: { kind: 0 },
  nop: { kind: 1 },
  mss: { kind: 2, units: [2] },
  wscale: { kind: 3, units: [1] },
  sackok: { kind: 4, units: [] },
  timestamp: { kind: 8, units: [4, 4] },
} as const satisfies Record<string, { kind: number; units?: number[] }>;

type Name = keyof typeof kinds;

const advice =
  'an option is nop, eol, sackok, {mss: N}, {wscale: N}, {timestamp: [N, N]}, {sack: [N, …]} or {kind: N, hex: …}';

/** Options as bytes, filled up with zeros to a multiple of four. */
export function buildTcpOptions(options: Value): Buffer {
  if (!Array.isArray(options)) throw new PacketError(`tcp.options is a list: ${advice}`);
  const bytes = Buffer.concat(options.map(optionBytes));
  if (bytes.length > 40) throw new PacketError(`tcp.options take ${bytes.length} bytes, and there is room for 40`);
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function optionBytes(option: Value): Buffer {
  if (typeof option === 'string' && option in kinds) return withValues(option as Name, []);
  if (option === null || typeof option !== 'object' || Array.isArray(option))
    throw new PacketError(`tcp.options: ${advice}`);
  const { kind, hex, sack, rest } = option;
  if (rest !== undefined) return hexBytes(rest);
  if (typeof kind === 'number') {
    const body = hexBytes(hex ?? '');
    return Buffer.concat([Buffer.from([kind, body.length + 2]), body]);
  }
  if (Array.isArray(sack))
    return Buffer.concat([
      Buffer.from([5, 2 + 4 * sack.length]),
      numbers(
        sack,
        sack.map(() => 4),
      ),
    ]);
  const [[name, value] = []] = Object.entries(option);
  if (name === undefined || !(name in kinds)) throw new PacketError(`tcp.options: ${advice}`);
  return withValues(name as Name, [value ?? []].flat());
}

function withValues(name: Name, values: Value[]): Buffer {
  const known = kinds[name];
  if (!('units' in known)) return Buffer.from([known.kind]);
  const body = numbers(values, known.units);
  return Buffer.concat([Buffer.from([known.kind, body.length + 2]), body]);
}

function numbers(values: readonly Value[], units: readonly number[]): Buffer {
  if (values.length !== units.length) throw new PacketError(`tcp.options: ${advice}`);
  return Buffer.concat(
    units.map((size, i) => {
      const value = Number(values[i]);
      if (!Number.isInteger(value) || value < 0 || value >= 256 ** size)
        throw new PacketError(`tcp.options: ${values[i]} is not a number of ${size} bytes`);
      const out = Buffer.alloc(size);
      out.writeUIntBE(value, 0, size);
      return out;
    }),
  );
}

/** Options as they can be given to `buildTcpOptions`; what cannot be read comes as a last option `{rest: HEX}`. */
export function parseTcpOptions(bytes: Buffer): Value[] {
  const options: Value[] = [];
  let at = 0;
  while (at < bytes.length) {
    const kind = bytes[at]!;
    if (kind <= 1) {
      options.push(kind === 0 ? 'eol' : 'nop');
      at += 1;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (length < 2 || at + length > bytes.length) return [...options, { rest: bytes.toString('hex', at) }];
    options.push(optionOf(kind, bytes.subarray(at + 2, at + length)));
    at += length;
  }
  return options;
}

function optionOf(kind: number, body: Buffer): Value {
  if (kind === 4 && body.length === 0) return 'sackok';
  if (kind === 5 && body.length % 4 === 0)
    return { sack: Array.from({ length: body.length / 4 }, (_, i) => body.readUInt32BE(i * 4)) };
  for (const [name, known] of Object.entries(kinds)) {
    if (known.kind !== kind || !('units' in known)) continue;
    const total = known.units.reduce((sum: number, size) => sum + size, 0);
    if (total !== body.length || total === 0) continue;
    let at = 0;
    const values = known.units.map((size) => {
      at += size;
      return body.readUIntBE(at - size, size);
    });
    return { [name]: values.length === 1 ? values[0]! : values };
  }
  return { kind, hex: body.toString('hex') };
}
