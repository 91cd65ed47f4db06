import { expect, it } from 'vitest';
import { padEnd, padStart, textWidth, truncate, wrap } from '../../src/util/text-width.ts';

it.each([
  ['plain', 5],
  ['Grüße', 5],
  ['日本語', 6],
  ['e\u0301', 1],
  ['🚀', 2],
  ['✔ ✚ ✖', 5],
])('%s takes %d columns', (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

it('cuts at a column, never inside a wide character', () => {
  expect(truncate('installing nginx', 10)).toBe('installin…');
  expect(truncate('日本語', 4)).toBe('日…');
  expect(truncate('short', 10)).toBe('short');
  expect(truncate('short', 4, '...')).toBe('s...');
  expect(truncate('abc', 0)).toBe('');
});

it('breaks at spaces and leaves long words whole', () => {
  expect(wrap('run it on the host by hand', 10)).toEqual(['run it on', 'the host', 'by hand']);
  expect(wrap('see /a/very/long/path.txt now', 8)).toEqual(['see', '/a/very/long/path.txt', 'now']);
  expect(wrap('', 8)).toEqual(['']);
});

it('pads to columns', () => {
  expect(padEnd('日本', 6)).toBe('日本  ');
  expect(padStart('7', 3)).toBe('  7');
});
