import type { Taint } from '../model/scope.ts';
import type { SecretStore, SecretUse } from '../model/transport.ts';
import type { Fields, Value } from '../model/value.ts';
import { derivedSecrets } from './derived.ts';
import { encodingsOf } from './encodings.ts';
import { createMatcher, LEAST_BYTES, type Matcher, type Stretch } from './matcher.ts';

/** What people see instead of a secret. */
export const MARK = '***';

/** A line of a longer secret is masked by itself from this length on; shorter ones (`}`, `key:`) would mask half of every output. */
const LEAST_LINE = 8;

/** A longer secret is a file: its lines are masked as they are, and not in every encoding, which would take thirty times its size. */
const MOST_IN_FULL = 64 * 1024;

/** So much of a secret that was cut off at the end of a text is masked; less is a coincidence too often. */
const LEAST_REMAINS = 8;

/**
 * The secrets of one run, and how to keep them from people's eyes. Values stay raw wherever they are used; what is shown or
 * recorded goes through `mask`. Costs nothing while it is empty.
 */
export interface Secrets extends Taint {
  /** Every text in a value is a secret from now on, also numbers of four digits and more. `name` is for the warning about those too short. */
  add(value: Value, name?: string): void;
  /** A value that a store of AWS gave; `source` is where hosts can read just this by themselves. */
  addStored(value: string, from: { name: string; source?: SecretStore }): void;
  isEmpty(): boolean;
  /** Names of secrets of fewer than four bytes: masking them would mask everything, so they are shown. */
  tooShort(): string[];
  /** Whether a text has a secret in it, in any encoding. */
  holds(text: string): boolean;
  /** The secrets that bytes hold, in any encoding. A line of a longer one counts for itself where it stands without the others. */
  secretsIn(bytes: Uint8Array): SecretUse[];
  /** The text with `***` for every secret, in any encoding, whole or cut off at the end. */
  mask(text: string): string;
  /** As `mask`, with as many stars as there were characters, so that places stay the same. */
  cover(text: string): string;
  /** Every text in a value masked, names of fields included. The value itself when there is nothing to mask. */
  maskValue<T>(value: T): T;
  /** Looks for secrets in bytes. */
  matcher: Pick<Matcher, 'find' | 'open'>;
}

/** None yet. */
export function createSecrets(): Secrets {
  const known = new Set<string>();
  const short = new Set<string>();
  const forms = new Set<string>();
  /** Every text that is looked for, with its forms as they stand in bytes. */
  const formsOf = new Map<string, string[]>();
  /** By the text that is looked for: what a host would read, white space at its ends included. */
  const sources = new Map<string, { whole: string; source: SecretStore }>();
  let matcher: Matcher | undefined;

  const addText = (text: string, name: string): void => {
    // White space around it belongs to the file it came from.
    const secret = text.trim();
    if (secret === '' || known.has(secret)) return;
    known.add(secret);
    if (Buffer.byteLength(secret) < LEAST_BYTES) {
      short.add(name);
      return;
    }
    matcher ??= createMatcher();
    const lines = secret.includes('\n') ? secret.split('\n').map((line) => line.trim()) : [];
    for (const part of [secret, ...lines.filter((line) => line.length >= LEAST_LINE)]) {
      const all = secret.length <= MOST_IN_FULL ? [...encodingsOf(part)] : [part];
      formsOf.set(part, all);
      for (const form of all) {
        if (forms.has(form)) continue;
        forms.add(form);
        matcher.add(Buffer.from(form));
      }
    }
  };

  const stretches = (bytes: Uint8Array): Stretch[] => {
    if (!matcher) return [];
    const found = matcher.find(bytes);
    for (const end of ends(bytes)) {
      const start = matcher.open(bytes, end);
      if (end - start >= LEAST_REMAINS && !found.some((one) => one.start <= start && one.end >= end))
        found.push({ start, end });
    }
    return found.sort((a, b) => a.start - b.start);
  };

  const replaced = (text: string, instead: (part: string) => string): string => {
    if (!matcher) return text;
    const bytes = Buffer.from(text);
    const found = stretches(bytes);
    if (found.length === 0) return text;
    const parts: string[] = [];
    let at = 0;
    for (const { start, end } of found) {
      if (end <= at) continue;
      // One that overlaps the one before is the rest of the same.
      if (start >= at) parts.push(bytes.toString('utf8', at, start));
      parts.push(instead(bytes.toString('utf8', Math.max(at, start), end)));
      at = end;
    }
    return parts.join('') + bytes.toString('utf8', at);
  };

  /** What is part of a secret that a host reads as a whole is none by itself: a field, a line. */
  const secretsAt = (bytes: Uint8Array, found: readonly Stretch[]): SecretUse[] => {
    if (found.length === 0) return [];
    let rest = found.map(({ start, end }) => Buffer.from(bytes.subarray(start, end)).toString('latin1')).join('\0');
    const uses: SecretUse[] = [];
    const known = [...formsOf].sort(
      ([a], [b]) => Number(sources.has(b)) - Number(sources.has(a)) || b.length - a.length,
    );
    for (const [value, all] of known) {
      const seen = all.map((form) => Buffer.from(form).toString('latin1')).filter((form) => rest.includes(form));
      if (seen.length === 0) continue;
      const stored = sources.get(value);
      // Without the white space it is something else than what a host would read.
      const isWhole = stored && (stored.whole === value || Buffer.from(bytes).includes(stored.whole));
      uses.push(isWhole ? { value: stored.whole, source: stored.source } : { value });
      for (const form of seen.sort((a, b) => b.length - a.length)) rest = rest.replaceAll(form, '\0');
    }
    return uses;
  };

  const mask = (text: string): string => replaced(text, () => MARK);

  const maskAny = (value: unknown): unknown => {
    if (typeof value === 'string') return mask(value);
    if (typeof value === 'number') return value >= 1000 && known.has(String(value)) ? MARK : value;
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
    if (Array.isArray(value)) {
      const masked = value.map(maskAny);
      return masked.every((item, i) => item === value[i]) ? value : masked;
    }
    const entries = Object.entries(value as Fields);
    const masked = entries.map(([key, item]) => [mask(key), maskAny(item)] as const);
    const isSame = masked.every(([key, item], i) => key === entries[i]?.[0] && item === entries[i]?.[1]);
    return isSame ? value : Object.fromEntries(masked);
  };

  const add = (value: Value, name = 'a value'): void => {
    if (typeof value === 'string') addText(value, name);
    else if (typeof value === 'number') addText(Math.abs(value) >= 1000 ? String(value) : '', name);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) add(item, Array.isArray(value) ? name : key);
    }
  };

  const secrets: Secrets = {
    add,
    addStored(value, { name, source }) {
      addText(value, name);
      if (source) sources.set(value.trim(), { whole: value, source });
    },
    isEmpty: () => matcher === undefined,
    tooShort: () => [...short],
    holds: (text) => matcher !== undefined && matcher.find(Buffer.from(text)).length > 0,
    secretsIn: (bytes) => secretsAt(bytes, matcher?.find(bytes) ?? []),
    mask,
    cover: (text) => replaced(text, (part) => part.replace(/[^\n]/g, '*')),
    maskValue: (value) => (matcher ? maskAny(value) : value) as typeof value,
    matcher: {
      find: (bytes) => matcher?.find(bytes) ?? [],
      open: (bytes, upTo) => matcher?.open(bytes, upTo) ?? upTo ?? bytes.length,
    },
    derive(result, source, inputs) {
      if (matcher)
        for (const text of derivedSecrets({ result, source, inputs: inputs() }, secrets))
          addText(text, 'a value made of a secret');
    },
  };
  return secrets;
}

const CUT_MARKS = [Buffer.from('…'), Buffer.from('\n[play: ')];

/** Places where a text may have been cut off: its end, and before what says that something was left out. */
function ends(bytes: Uint8Array): number[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = [bytes.length];
  for (const sign of CUT_MARKS) {
    for (let at = all.indexOf(sign); at >= 0; at = all.indexOf(sign, at + 1)) found.push(at);
  }
  return found;
}
