import { isUtf8 } from 'node:buffer';

const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Joiners that letters and emoji of many scripts need. */
const JOINERS = new Set(['\u200c', '\u200d']);
const TAB_STOP = 8;

/**
 * One line of text from a host, safe to show on a terminal: every control, format and bidirectional character is spelled out
 * (`\x1b`, `\r`, `\n`, `\u202e`), tabs become spaces. Printable text of any script stays as it is.
 */
export function cleanText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return expandTabs(text).replace(CONTROL, (char) => (JOINERS.has(char) ? char : spell(char)));
}

/** Many lines of text from a host, each safe to show. CRLF ends a line like LF; a last empty line is left out. */
export function cleanLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map(cleanText);
}

/** One line of bytes from a host, safe to show: bytes that are no UTF-8 become `\xff`. */
export function cleanBytes(bytes: Uint8Array): string {
  return cleanText(decodeOutput(bytes));
}

/** Marks an undecodable byte inside a string until it is spelled: the low surrogates U+DC80 to U+DCFF never come out of a UTF-8 decoder. */
const BYTE_MARK = 0xdc00;

/** Bytes from a host as text that is not safe yet: `cleanText` spells the bytes that are no UTF-8. */
export function decodeOutput(bytes: Uint8Array): string {
  return isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
    : decodeLoosely(bytes);
}

/** By hand, since it may be megabytes: asking a decoder for each character takes seconds, in which nothing else gets on. */
function decodeLoosely(bytes: Uint8Array): string {
  const units = Buffer.alloc(2 * bytes.length);
  let end = 0;
  const put = (unit: number): void => {
    end = units.writeUInt16LE(unit, end);
  };
  for (let at = 0; at < bytes.length; ) {
    const length = charLength(bytes, at);
    const lead = bytes[at] ?? 0;
    let code = length === 0 ? BYTE_MARK + lead : length === 1 ? lead : lead & (0x7f >> length);
    for (let i = 1; i < length; i++) code = (code << 6) | ((bytes[at + i] ?? 0) & 0x3f);
    if (code > 0xffff) {
      put(0xd7c0 + (code >> 10));
      put(0xdc00 + (code & 0x3ff));
    } else put(code);
    at += Math.max(1, length);
  }
  return units.toString('utf16le', 0, end);
}

/** Bytes of the character that begins here; 0 when none does (RFC 3629 section 4). */
function charLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  const second = bytes[at + 1] ?? 0;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (length === 0 || second < lowest || second > highest) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function spell(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (char === '\r') return '\\r';
  if (char === '\n') return '\\n';
  if (code >= BYTE_MARK + 0x80 && code <= BYTE_MARK + 0xff) return `\\x${(code - BYTE_MARK).toString(16)}`;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

function expandTabs(text: string): string {
  if (!text.includes('\t')) return text;
  let column = 0;
  let out = '';
  for (const char of text) {
    const piece = char === '\t' ? ' '.repeat(TAB_STOP - (column % TAB_STOP)) : char;
    out += piece;
    column += char === '\t' ? piece.length : 1;
  }
  return out;
}
