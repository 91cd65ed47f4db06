import { TextDecoder } from 'node:util';

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
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeLoosely(bytes);
  }
}

function decodeLoosely(bytes: Uint8Array): string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i] ?? 0;
    const length = byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
    const char = length === 0 ? undefined : tryDecode(strict, bytes.subarray(i, i + length));
    text += char ?? String.fromCharCode(BYTE_MARK + byte);
    i += char === undefined ? 1 : length;
  }
  return text;
}

function tryDecode(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
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
