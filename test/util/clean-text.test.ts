import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanBytes, cleanLines, cleanText, decodeOutput } from '../../src/util/clean-text.ts';

describe('text from a host is shown, never obeyed', () => {
  it.each([
    ['a colour sequence', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['the clipboard by OSC 52', '\x1b]52;c;cm0gLXJm\x07', '\\x1b]52;c;cm0gLXJm\\x07'],
    ['the one-byte form of CSI', '\x9b2J', '\\x9b2J'],
    ['a carriage return that overwrites', 'failed\rok    ', 'failed\\rok    '],
    ['a bidirectional override', 'user\u202etxt.exe', 'user\\u202etxt.exe'],
    ['isolates and marks', '\u2066a\u2069\u200f', '\\u2066a\\u2069\\u200f'],
    ['an invisible space', 'pass\u200bword\ufeff', 'pass\\u200bword\\ufeff'],
    ['invisible tag letters', '\u{e0041}', '\\u{e0041}'],
    ['backspace and delete', 'ab\b\x7f', 'ab\\x08\\x7f'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['half a surrogate pair', '\ud800', '\\ud800'],
    ['a newline in a name', 'web1\nweb2', 'web1\\nweb2'],
    ['a tab', 'a\tb', 'a       b'],
    ['other scripts', 'Grüße 日本語 नमस्ते 👩‍🚀', 'Grüße 日本語 नमस्ते 👩‍🚀'],
  ])('%s', (_, text, shown) => {
    expect(cleanText(text)).toBe(shown);
  });

  it('splits lines at LF and CRLF', () => {
    expect(cleanLines('one\r\ntwo\n\nlast\x07\n')).toEqual(['one', 'two', '', 'last\\x07']);
  });

  it('spells bytes that are no UTF-8 and keeps the characters around them', () => {
    expect(cleanBytes(Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0xc3]))).toBe('a\\xffé\\xc3');
    expect(cleanBytes(Buffer.from([0xed, 0xa0, 0x80, 0xf5, 0x80]))).toBe('\\xed\\xa0\\x80\\xf5\\x80');
  });

  it('loses no byte, and leaves text as it is', () => {
    const pieces = fc.array(fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 4 })));
    const marked = /[\ud800-\udbff][\udc00-\udfff]|[\udc80-\udcff]|[\s\S]/g;
    fc.assert(
      fc.property(pieces, (list) => {
        const bytes = Buffer.concat(list.map((piece) => Buffer.from(piece)));
        const back = [...decodeOutput(bytes).matchAll(marked)].map(([char]) =>
          /^[\udc80-\udcff]$/.test(char) ? Buffer.from([char.charCodeAt(0) - 0xdc00]) : Buffer.from(char),
        );
        expect(Buffer.concat(back)).toEqual(bytes);
      }),
    );
  });

  it('never lets a control through, whatever comes', () => {
    const dangerous = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => !dangerous.test(cleanBytes(bytes))));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !dangerous.test(cleanText(text))));
  });
});
