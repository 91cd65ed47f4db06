import type { Fields, Value } from '../model/value.ts';
import { NoLiteral, type Reader, readPythonNumber, readPythonText } from './python-scalar.ts';

/**
 * Reads a value as Ansible reads one in an INI inventory: as a Python literal (`ast.literal_eval`: numbers, quoted text, True, False,
 * None, lists, tuples, sets and mappings of these, a comment behind it), and undefined when it is none, because the value is plain text then.
 * What data cannot hold is no literal here: bytes, complex numbers, `...`, numbers beyond 2^53 (as text they keep their digits).
 */
export function readPythonLiteral(text: string): Value | undefined {
  const reader: Reader = { text, at: 0 };
  try {
    skipSpace(reader);
    const value = readValue(reader, 0);
    skipSpace(reader);
    return reader.at === text.length ? value : undefined;
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

/** Deeper than anybody writes on one line. */
const DEEPEST = 50;

const words: Record<string, boolean | null> = { True: true, False: false, None: null };
const closers: Record<string, string> = { '[': ']', '(': ')', '{': '}' };

function readValue(reader: Reader, depth: number): Value {
  if (depth > DEEPEST) throw new NoLiteral();
  const { text, at } = reader;
  const char = text[at] ?? '';
  if (char === '[' || char === '(') return readItems(reader, depth);
  if (char === '{') return readBraces(reader, depth);
  const quoted = readPythonText(reader);
  if (quoted !== undefined) return quoted;
  const word = /^(?:True|False|None)\b/.exec(text.slice(at, at + 6))?.[0];
  if (word !== undefined) {
    reader.at += word.length;
    return words[word] ?? null;
  }
  return readPythonNumber(reader);
}

/** `[1, 2]`, `(1, 2)`; `(1)` is only 1. */
function readItems(reader: Reader, depth: number): Value {
  const open = reader.text[reader.at] ?? '';
  const items: Value[] = [];
  let commas = 0;
  reader.at += 1;
  for (skipSpace(reader); !take(reader, closers[open] ?? ''); skipSpace(reader)) {
    items.push(readValue(reader, depth + 1));
    skipSpace(reader);
    if (take(reader, ',')) commas += 1;
    else if (reader.text[reader.at] !== closers[open]) throw new NoLiteral();
  }
  return open === '(' && commas === 0 && items.length === 1 ? (items[0] ?? null) : items;
}

/** `{'a': 1}`, or a set `{1, 2}`, which becomes a list. Keys become text, as in JSON. */
function readBraces(reader: Reader, depth: number): Value {
  const fields: Fields = Object.create(null) as Fields;
  const members: Value[] = [];
  let pairs = 0;
  reader.at += 1;
  for (skipSpace(reader); !take(reader, '}'); skipSpace(reader)) {
    const key = readValue(reader, depth + 1);
    // Neither a key nor a member can be something that changes.
    if (typeof key === 'object' && key !== null) throw new NoLiteral();
    skipSpace(reader);
    if (take(reader, ':')) {
      pairs += 1;
      skipSpace(reader);
      fields[String(key)] = readValue(reader, depth + 1);
      skipSpace(reader);
    } else if (!members.includes(key)) members.push(key);
    if (!take(reader, ',') && reader.text[reader.at] !== '}') throw new NoLiteral();
  }
  if (pairs > 0 && members.length > 0) throw new NoLiteral();
  return members.length > 0 ? members : fields;
}

function take(reader: Reader, char: string): boolean {
  if (reader.at >= reader.text.length) throw new NoLiteral();
  if (reader.text[reader.at] !== char) return false;
  reader.at += 1;
  return true;
}

/** White space, and a comment up to the end. */
function skipSpace(reader: Reader): void {
  while (/[ \t]/.test(reader.text[reader.at] ?? '')) reader.at += 1;
  if (reader.text[reader.at] === '#') reader.at = reader.text.length;
}
