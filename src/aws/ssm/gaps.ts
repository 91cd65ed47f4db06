import type { SecretStore, SecretUse } from '../../model/transport.ts';
import type { Gap, Wanted } from './script.ts';

/** An input without its secrets, and where they belong. */
export interface Hollow {
  bytes: Buffer;
  gaps: Gap[];
  wanted: Wanted[];
}

/** Why secrets cannot be left out: no place to read one, or one in a form that the instance cannot make. */
export type Unhollow = 'nowhere' | 'encoded';

/**
 * Cuts the secrets out of an input, where they stand as they are or as they are written between single quotes of a shell. `from`: bytes at
 * the start that may hold none, the command. What is left is searched again, for other forms.
 */
export function hollow(
  input: Buffer,
  { from, region, secretsIn }: { from: number; region: string; secretsIn(bytes: Uint8Array): readonly SecretUse[] },
): Hollow | Unhollow {
  const uses = secretsIn(input);
  if (uses.some(({ source }) => source === undefined)) return 'nowhere';
  const wanted = uses.map(({ value, source }): Wanted => {
    const { service, name, region: own } = source as SecretStore;
    return { store: { service, name, region: own ?? region }, bytes: Buffer.byteLength(value) };
  });
  const gaps: Gap[] = [];
  const kept: Buffer[] = [input.subarray(0, from)];
  let at = from;
  for (const { start, end, ...gap } of places(input, uses, from)) {
    kept.push(input.subarray(at, start));
    gaps.push({ before: start - at, ...gap });
    at = end;
  }
  kept.push(input.subarray(at));
  if (kept.some((piece) => secretsIn(piece).length > 0)) return 'encoded';
  return { bytes: Buffer.concat(kept), gaps, wanted };
}

interface Place {
  start: number;
  end: number;
  value: number;
  isQuoted: boolean;
}

/** Where the values stand, in order and without overlap; of two that begin together the longer one. */
function places(input: Buffer, uses: readonly SecretUse[], from: number): Place[] {
  const found = uses.flatMap(({ value }, index) => {
    const quoted = value.replaceAll("'", `'\\''`);
    const raw = occurrences(input, { text: value, from }).map((at) => ({ ...at, value: index, isQuoted: false }));
    if (quoted === value) return raw;
    return [
      ...raw,
      ...occurrences(input, { text: quoted, from }).map((at) => ({ ...at, value: index, isQuoted: true })),
    ];
  });
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let past = from;
  return found.filter(({ start, end }) => {
    const isFree = start >= past;
    if (isFree) past = end;
    return isFree;
  });
}

function occurrences(input: Buffer, { text, from }: { text: string; from: number }): { start: number; end: number }[] {
  const bytes = Buffer.from(text);
  const found: { start: number; end: number }[] = [];
  if (bytes.length === 0) return found;
  for (let at = input.indexOf(bytes, from); at >= 0; at = input.indexOf(bytes, at + bytes.length))
    found.push({ start: at, end: at + bytes.length });
  return found;
}
