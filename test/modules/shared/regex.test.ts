import { describe, expect, test } from 'vitest';
import { regexCompiler, type Scope } from '../../../src/modules/shared/regex.ts';
import { replacement } from '../../../src/modules/shared/replacement.ts';
import { ProblemError, sentence } from '../../../src/problems/problem.ts';

const compile = await regexCompiler('replace');

test.each<[string, Scope, string, boolean]>([
  ['^b$', 'line', 'b\n', true],
  ['^b$', 'line', 'b', true],
  ['^$', 'line', 'b\n', false],
  ['b\\Z', 'line', 'b\n', false],
  ['^b', 'lines', 'a\nb', true],
  ['^b', 'text', 'a\nb', false],
  ['b$', 'text', 'b\nc', false],
  ['(?m)^b$', 'text', 'a\nb\nc', true],
  ['a.b', 'text', 'a\nb', true],
  ['a.b', 'lines', 'a\nb', false],
  ['(?s)a.b', 'lines', 'a\nb', true],
  ['(?i:A)b', 'line', 'ab', true],
  ['(?im)^B', 'line', 'a\nb', true],
  ['[^\\s]x', 'line', '\vx', false],
  ['\\s', 'line', '\v', true],
  ['\\S', 'line', '\v', false],
  ['[]a]', 'line', ']', true],
  ['[^]a]', 'line', ']', false],
  ['[\\]a^$]', 'line', '$', true],
  ['[\\b]', 'line', '\b', true],
  ['\\u00e9\\x41', 'line', 'éA', true],
  ['[\\u00e9]', 'line', 'é', true],
  ['a{,2}b', 'line', 'aab', true],
  ['\\$\\^', 'line', '$^', true],
  ['(?#why)a', 'line', 'a', true],
  ['(?P<n>a)(?P<m>b)', 'line', 'ab', true],
  ['(?<!x)b', 'line', 'xb', false],
  ['[[:digit:]]+', 'line', '7', true],
  ['}+', 'line', '}}', true],
  ['😀.', 'line', '😀x', true],
])('%s in a %s: %j fits %s', (pattern, scope, text, fits) => {
  expect(compile('regexp', pattern, scope).test(text)).toBe(fits);
});

describe('what cannot be searched is refused with advice', () => {
  test.each([
    ['a(?=b)', 'looks ahead', 'two tasks'],
    ['(?!a)', 'looks ahead', 'two tasks'],
    ['(a)\\1', 'repeats a group', 'in the replacement'],
    ['(?P<a>.)(?P=a)', 'repeats a group', 'in the replacement'],
    ['(?>a)', 'atomic', undefined],
    ['a++', 'atomic', undefined],
    ['(?x:a b)', 'flag x', 'at its beginning'],
    ['(a', 'missing closing )', undefined],
    ['\\y', '\\y means nothing', undefined],
    ['a{1001}', 'repeat count', undefined],
  ])('%s', (pattern, words, advice) => {
    try {
      compile('regexp', pattern, 'line');
      throw new Error('it was taken');
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { message, hint } = sentence(error.problems[0]!);
      expect(message).toContain(`replace: regexp "${pattern}" is not a pattern that play can search`);
      expect(message).toContain(words);
      if (advice === undefined) expect(hint).toBeUndefined();
      else expect(hint).toContain(advice);
    }
  });
});

test('a pattern that makes others explode takes no time', () => {
  expect(compile('regexp', '^(a+)+$', 'line').test(`${'a'.repeat(50_000)}b`)).toBe(false);
});

describe('replacements', () => {
  const pattern = compile('regexp', '(?P<key>\\w+)=(x)?', 'line');
  const fill = (template: string) => replacement('replace', 'replace', template, pattern)(pattern.find('k=')!);

  test.each([
    ['\\1', 'k'],
    ['[\\g<key>]', '[k]'],
    ['\\g<1>0', 'k0'],
    ['\\g<0>', 'k='],
    ['<\\2>', '<>'],
    ['\\n\\t\\\\', '\n\t\\'],
    ['\\0\\061', '\0' + '1'],
    ['\\.$1&', '\\.$1&'],
    ['😀\\1', '😀k'],
  ])('%s', (template, text) => {
    expect(fill(template)).toBe(text);
  });

  test.each([
    ['\\3', 'names group 3'],
    ['\\g<nope>', 'names group nope'],
    ['\\d', '\\d means nothing'],
    ['a\\', 'ends in a single'],
  ])('%s is refused', (template, words) => {
    expect(() => fill(template)).toThrow(words);
  });
});
