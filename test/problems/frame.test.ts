import { describe, expect, test } from 'vitest';
import type { Span } from '../../src/model/span.ts';
import { exitCode } from '../../src/problems/exit-code.ts';
import { printProblems } from '../../src/problems/frame.ts';
import { type Problem, problem } from '../../src/problems/problem.ts';

/** A problem at the first place of `marked` in a text. */
function at(text: string, marked: string, from = 0): Span {
  const start = text.indexOf(marked, from);
  return { file: 'a.yml', start, end: start + marked.length };
}

function bad(detail: string, place?: Span, also?: Problem['also']): Problem {
  return problem('E_USAGE', { detail, advice: 'do that' }, place, also);
}

function print(text: string, problems: Problem[], width = 80, color = false): string {
  return printProblems(problems, { sources: new Map([['a.yml', text]]), width, color });
}

describe('a problem is printed', () => {
  test('with its place, its line, what is marked, and what to do', () => {
    const text = 'one: 1\ntwo: 2\nthree: 3\n';
    expect(print(text, [bad('this is wrong', at(text, 'two'))])).toBe(
      [
        'error[E_USAGE] this is wrong',
        '  --> a.yml:2:1',
        '   |',
        ' 2 | two: 2',
        '   | ^^^',
        '   = help: do that',
        '',
        '1 problem',
        '',
      ].join('\n'),
    );
  });

  test('without a place when it has none, or when the file is not known', () => {
    expect(print('', [bad('no place')])).toBe('error[E_USAGE] no place\n = help: do that\n\n1 problem\n');
    expect(print('', [bad('x', { file: 'b.yml', start: 3, end: 4 })])).toContain('  --> b.yml\n   = help: do that\n');
  });

  test('with the other places that belong to it', () => {
    const text = 'a: 1\n'.repeat(120);
    const also = [{ at: { file: 'a.yml', start: 0, end: 1 }, label: 'first given here' }];
    expect(print(text, [bad('twice', { file: 'a.yml', start: 500, end: 501 }, also)])).toContain(
      [
        '   --> a.yml:101:1',
        '    |',
        '101 | a: 1',
        '    | ^',
        '   ::: a.yml:1:1',
        '    |',
        '  1 | a: 1',
        '    | - first given here',
      ].join('\n'),
    );
  });

  test('at the end of the file, at an empty place, and over several lines', () => {
    const text = 'a:\nb: [1,\n  2]';
    expect(print(text, [bad('x', { file: 'a.yml', start: 2, end: 2 })])).toContain(' 1 | a:\n   |   ^\n');
    expect(print(text, [bad('x', { file: 'a.yml', start: 14, end: 14 })])).toContain(' 3 |   2]\n   |     ^\n');
    expect(print(text, [bad('x', at(text, '[1,\n  2]'))])).toContain(' 2 | b: [1,\n   |    ^^^\n');
    expect(print(text, [bad('x', { file: 'a.yml', start: 99, end: 120 })])).toContain('a.yml:3:5');
    expect(print('', [bad('x', { file: 'a.yml', start: 0, end: 0 })])).toContain('a.yml:1:1\n   |\n 1 |\n   | ^\n');
  });

  test('with marks below the right columns after tabs and wide characters', () => {
    const text = '\ta\tmarked\r\n日本🎉é marked\n';
    expect(print(text, [bad('x', at(text, 'marked'))])).toContain(' 1 |     a   marked\n   |         ^^^^^^\n');
    expect(print(text, [bad('x', at(text, 'marked', 10))])).toContain(' 2 | 日本🎉é marked\n   |         ^^^^^^\n');
    expect(print(text, [bad('x', at(text, '本🎉'))])).toContain('   |   ^^^^\n');
  });

  test('with a long line cut around the mark', () => {
    const text = `${'a'.repeat(300)} marked ${'z'.repeat(300)}`;
    const shown = print(text, [bad('x', at(text, 'marked'))], 40).split('\n');
    expect(shown[3]).toBe(' 1 | …aaaaaaaaaaaa marked zzzzzzzzzzzz…');
    expect(shown[4]).toBe('   |               ^^^^^^');
    const start = print(text, [bad('x', at(text, 'aaa'))], 40).split('\n');
    expect(start[3]).toBe(` 1 | ${'a'.repeat(33)}…`);
    const end = print(text, [bad('x', { file: 'a.yml', start: 606, end: 608 })], 40).split('\n');
    expect(end[3]).toBe(` 1 | …${'z'.repeat(33)}`);
    expect(end[4]).toBe(`   | ${' '.repeat(32)}^^`);
  });

  test('with a mark that is longer than the terminal is wide', () => {
    const text = `key: ${'m'.repeat(200)} end`;
    const shown = print(text, [bad('x', at(text, 'm'.repeat(200)))], 40).split('\n');
    expect(shown[3]).toBe(` 1 | key: ${'m'.repeat(28)}…`);
    expect(shown[4]).toBe(`   |      ${'^'.repeat(29)}`);
  });

  test('without obeying anything in the file or in a value', () => {
    const text = 'a: "\u001b[31m\u202e\u0007\u2028" # \u200b\n';
    const shown = print(text, [bad('said \u001b]52;c;x\u0007 and\nmore', at(text, '# '))]);
    expect(shown).toContain('a: "\\x1b[31m\\u202e\\x07\\u2028" # \\u200b');
    expect(shown).toContain('said \\x1b]52;c;x\\x07 and\n  more\n');
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
  });

  test('in a sentence that is not endless', () => {
    expect(print('', [bad('x'.repeat(1_000_000))]).length).toBeLessThan(1_100);
  });

  test('in colours only when asked', () => {
    const text = 'one: 1\n';
    expect(print(text, [bad('wrong', at(text, 'one'))])).not.toContain('\u001b');
    expect(print(text, [bad('wrong', at(text, 'one'))], 80, true)).toContain('\u001b[31m');
  });
});

describe('many problems', () => {
  const text = 'one\ntwo\nthree\n';

  test('stand in the order of the files and lines, each once, and are counted', () => {
    const sources = new Map([
      ['z.yml', text],
      ['a.yml', text],
    ]);
    const place = (file: string, start: number): Span => ({ file, start, end: start + 1 });
    const list = [
      bad('six'),
      bad('five', place('c.yml', 0)),
      bad('four', place('a.yml', 8)),
      bad('two', place('z.yml', 4)),
      bad('three', place('a.yml', 0)),
      bad('one', place('z.yml', 0)),
      bad('four', place('a.yml', 8)),
    ];
    const shown = printProblems(list, { sources, width: 80, color: false });
    expect([...shown.matchAll(/\] (\w+)/g)].map((match) => match[1])).toEqual([
      ...['one', 'two', 'three', 'four', 'five', 'six'],
    ]);
    expect(shown).toMatch(/\n6 problems\n$/);
  });

  test('beyond a hundred are only counted', () => {
    const shown = print(
      'x\n'.repeat(150),
      Array.from({ length: 150 }, (_, i) => bad(`no ${i}`, { file: 'a.yml', start: 2 * i, end: 2 * i + 1 })),
    );
    expect(shown.match(/error\[/g)).toHaveLength(100);
    expect(shown).toMatch(/\n150 problems \(the first 100 are shown\)\n$/);
  });

  test('none at all is nothing to print', () => {
    expect(print(text, [])).toBe('');
    expect(exitCode([])).toBe(0);
  });

  test('the gravest decides the exit code', () => {
    const bug = problem('E_BUG', { detail: 'x' });
    expect(exitCode([bad('x')])).toBe(2);
    expect(exitCode([bad('x'), bug])).toBe(1);
  });
});
