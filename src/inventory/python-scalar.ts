/** A place in the text. */
export interface Reader {
  text: string;
  at: number;
}

/** Ends the attempt: the value is plain text. */
export class NoLiteral extends Error {}

const escapes: Record<string, string> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Reads `'a'`, `"a"`, `'''a'''`, `r'a'`, and several behind one another, which are one text; undefined when no quote starts here. */
export function readPythonText(reader: Reader): string | undefined {
  let whole: string | undefined;
  for (;;) {
    const start = reader.at;
    if (whole !== undefined) while (/[ \t]/.test(reader.text[reader.at] ?? '')) reader.at += 1;
    const opened = /^([rRuU]?)('''|"""|'|")/.exec(reader.text.slice(reader.at, reader.at + 4));
    if (!opened) {
      reader.at = start;
      return whole;
    }
    const [open, prefix = '', quote = ''] = opened;
    reader.at += open.length;
    whole = (whole ?? '') + readQuoted(reader, { quote, raw: /r/i.test(prefix) });
  }
}

function readQuoted(reader: Reader, { quote, raw }: { quote: string; raw: boolean }): string {
  let value = '';
  for (;;) {
    const { text, at } = reader;
    if (at >= text.length) throw new NoLiteral();
    if (text.startsWith(quote, at)) {
      reader.at += quote.length;
      return value;
    }
    if (text[at] !== '\\') {
      value += text[at];
      reader.at += 1;
    } else if (raw) {
      value += text.slice(at, at + 2);
      reader.at += 2;
    } else value += readEscape(reader);
  }
}

/** One escape of Python's; one that it does not know stays as it is written. */
function readEscape(reader: Reader): string {
  const rest = reader.text.slice(reader.at + 1, reader.at + 10);
  const code = /^(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(rest);
  const octal = /^[0-7]{1,3}/.exec(rest);
  const known = escapes[rest[0] ?? ''];
  if (code) {
    const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
    if (point > 0x10ffff) throw new NoLiteral();
    reader.at += 1 + code[0].length;
    return String.fromCodePoint(point);
  }
  if (/^[xuUN]/.test(rest)) throw new NoLiteral();
  if (octal) {
    reader.at += 1 + octal[0].length;
    return String.fromCodePoint(Number.parseInt(octal[0], 8));
  }
  reader.at += 2;
  return known ?? `\\${rest[0] ?? ''}`;
}

const number =
  /^([+-]?)\s*(0[xX](?:_?[0-9A-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.?(?:\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?)(?![\w.])/;

/** `5`, `-5`, `1_000`, `0x1F`, `1.5`, `1e3`. A leading zero (`0750`) makes it text, as in Python. */
export function readPythonNumber(reader: Reader): number {
  const found = number.exec(reader.text.slice(reader.at));
  const [all = '', sign = '', written = ''] = found ?? [];
  const digits = written.replaceAll('_', '');
  if (!/^\.?\d/.test(digits) || (/^0\d*[1-9]\d*$/.test(digits) && !/[.eE]/.test(digits))) throw new NoLiteral();
  const value = Number(digits) * (sign === '-' ? -1 : 1);
  const whole = !/[.eE]/.test(digits) || /^0x/i.test(digits);
  if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) throw new NoLiteral();
  reader.at += all.length;
  // Python's integers have no negative zero.
  return Object.is(value, -0) ? 0 : value;
}
