/** A value of a JSON text (RFC 8259) and where it stands; ends are exclusive. */
export type JsonNode =
  | { kind: 'object'; start: number; end: number; members: JsonMember[] }
  | { kind: 'array'; start: number; end: number; items: JsonNode[] }
  | { kind: 'scalar'; start: number; end: number };

/** A name of an object and its value. `start` is where the name begins. */
export interface JsonMember {
  name: string;
  start: number;
  value: JsonNode;
}

const space = /[ \t\r\n]*/y;
const string = /"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\p{Cc}]*)*"/uy;
const scalar = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null/y;
/** Deeper ones are no settings, and would be too deep for the stack. */
const deepest = 500;

/** Reads a whole text. A string says what is wrong, and where. */
export function readJson(text: string): JsonNode | string {
  let at = 0;
  try {
    const node = value(0);
    skip();
    return at < text.length ? broken('the end') : node;
  } catch (error) {
    if (typeof error === 'string') return error;
    throw error;
  }

  function value(depth: number): JsonNode {
    skip();
    const start = at;
    if (depth > deepest) throw broken(`at most ${deepest} levels`);
    if (text[at] === '{') return { kind: 'object', start, members: list('}', () => member(depth)), end: at };
    if (text[at] === '[') return { kind: 'array', start, items: list(']', () => value(depth + 1)), end: at };
    if (take(string) === undefined && take(scalar) === undefined) throw broken('a value');
    return { kind: 'scalar', start, end: at };
  }

  function member(depth: number): JsonMember {
    const start = at;
    const name = take(string);
    if (name === undefined) throw broken('a name in double quotes');
    skip();
    if (text[at] !== ':') throw broken('a colon');
    at++;
    return { name: JSON.parse(name) as string, start, value: value(depth + 1) };
  }

  function list<T>(close: string, one: () => T): T[] {
    const found: T[] = [];
    at++;
    skip();
    while (text[at] !== close) {
      if (found.length > 0) {
        if (text[at] !== ',') throw broken(`a comma or ${close}`);
        at++;
        skip();
      }
      found.push(one());
      skip();
    }
    at++;
    return found;
  }

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  }

  function skip(): void {
    take(space);
  }

  function broken(wanted: string): string {
    const before = text.slice(0, at).split('\n');
    // Of what is nothing like it no place is worth telling.
    if (text.slice(0, at).trim() === '') return 'is not JSON';
    const column = [...(before.at(-1) ?? '')].length + 1;
    return `is not JSON: line ${before.length}, column ${column} should be ${wanted}`;
  }
}

/** What is wrong with a text that is not JSON, and where: the end of a sentence about it. V8 tells the place of some faults only. */
export function whyNotJson(text: string): string {
  const read = readJson(text);
  return typeof read === 'string' ? read : 'is not JSON';
}
