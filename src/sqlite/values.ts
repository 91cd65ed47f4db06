import type { Fields, Value } from '../model/value.ts';

/** What SQLite can hold. Whole numbers that JavaScript cannot count exactly are texts, bytes are `{base64}`. */
export type Held = null | number | string | { base64: string };

/** Why a value cannot be bound. */
export interface Unheld {
  unheld: string;
}

/** A value of the author as SQLite holds it: true and false are 1 and 0. */
export function heldOf(value: Value): Held | Unheld {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (isBytes(value)) return { base64: value.base64 };
  return { unheld: Array.isArray(value) ? 'a list' : 'a mapping' };
}

function isBytes(value: Value[] | Fields): value is { base64: string } {
  return !Array.isArray(value) && Object.keys(value).length === 1 && typeof value['base64'] === 'string';
}

/**
 * A value as an expression of SQL in which nothing of a text stands as it is: only its bytes, in hexadecimal.
 * So none can end a quote, begin a command of the sqlite3 program or be cut at a NUL.
 */
export function literal(value: Held): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `CAST(x'${Buffer.from(value).toString('hex')}' AS TEXT)`;
  return `x'${Buffer.from(value.base64, 'base64').toString('hex')}'`;
}

const one = /NULL|(-?)Inf|-?\d[\d.]*(?:e[-+]?\d+)?|(X?)'((?:[^']|'')*)'|unistr\('((?:[^']|'')*)'\)/y;

/** Reads what the sqlite3 program prints in its mode "quote": rows of literals with commas between them. */
export function readQuoted(text: string): Held[][] {
  const rows: Held[][] = [];
  let row: Held[] = [];
  let at = 0;
  while (at < text.length) {
    one.lastIndex = at;
    const found = one.exec(text);
    if (!found) throw new Error(`sqlite3 printed no value at ${JSON.stringify(text.slice(at, at + 40))}`);
    row.push(heldIn(found));
    const after = one.lastIndex;
    at = after + (text.startsWith('\r\n', after) ? 2 : 1);
    if (text[after] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

function heldIn([whole, minus, bytes, quoted, escaped]: RegExpExecArray): Held {
  if (quoted !== undefined) {
    return bytes ? { base64: Buffer.from(quoted, 'hex').toString('base64') } : quoted.replaceAll("''", "'");
  }
  // Newer programs write control characters so, whatever the mode.
  if (escaped !== undefined) {
    return escaped
      .replaceAll("''", "'")
      .replace(
        /\\(?:u([0-9a-fA-F]{4})|(\\))/g,
        (_, hex, slash) => slash ?? String.fromCharCode(Number.parseInt(hex, 16)),
      );
  }
  if (whole === 'NULL') return null;
  if (whole.endsWith('Inf')) return `${minus}Infinity`;
  const number = Number(whole);
  return /^-?\d+$/.test(whole) && !Number.isSafeInteger(number) ? whole : number;
}
