import { describe, expect, it } from 'vitest';
import { createDialogue } from '../../../src/modules/shared/dialogue.ts';
import { regexCompiler } from '../../../src/modules/shared/regex.ts';

async function dialogue(questions: Record<string, string | string[]>) {
  const compile = await regexCompiler('expect');
  return createDialogue(
    Object.entries(questions).map(([pattern, answers]) => ({
      pattern,
      answers,
      regex: compile('responses', pattern, 'text'),
    })),
  );
}
const said = (replies: ReturnType<Awaited<ReturnType<typeof dialogue>>['hears']>) =>
  replies.map((reply) => ('text' in reply ? reply.text : reply.failure)).join(' | ');

describe('a dialogue', () => {
  it('answers a question that comes in pieces, once', async () => {
    const { hears, rest } = await dialogue({ '(?i)password: $': 'secret' });
    expect(said(hears('New Pass'))).toBe('');
    expect(said(hears('word: '))).toBe('secret');
    expect(said(hears('\r\nthank you'))).toBe('');
    expect(rest()).toBe('\r\nthank you');
  });

  it('answers what begins first, and among equals what is listed first', async () => {
    const { hears } = await dialogue({ 'b.': '2', 'a.': '1', a: '3' });
    expect(said(hears('a1 b1'))).toBe('1 | 2');
    expect(said((await dialogue({ 'ab?': 'long', abc: 'longer' })).hears('abc'))).toBe('long');
  });

  it('gives the texts of a list one after the other, and says when there is none left', async () => {
    const { hears } = await dialogue({ 'q(\\d)': ['one', 'two'], x: ['once'] });
    expect(said(hears('q1 q2'))).toBe('one | two');
    expect(said(hears('x'))).toBe('once');
    expect(said(hears('q3 q4'))).toBe('"q(\\d)" was asked more than 2 times: no answer is left');
    expect(said((await dialogue({ x: ['once'] })).hears('xx'))).toBe(
      'once | "x" was asked more than once: no answer is left',
    );
  });

  it('takes patterns as Python does: a dot fits a line end too, and ^ only the beginning', async () => {
    expect(said((await dialogue({ 'a.b': 'y' })).hears('a\nb'))).toBe('y');
    expect(said((await dialogue({ '^b': 'y' })).hears('a\nb'))).toBe('');
    expect(said((await dialogue({ '(?m)^b': 'y' })).hears('a\nb'))).toBe('y');
  });

  it('takes no time over a pattern and a text that were made to take long', async () => {
    const { hears, rest } = await dialogue({ '(a+)+$!': 'never' });
    const from = performance.now();
    for (let i = 0; i < 40; i++) hears('a'.repeat(10_000));
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(rest()).toHaveLength(65_536);
  });

  it('does not answer for ever', async () => {
    const { hears } = await dialogue({ y: 'a' });
    const replies = hears('y\n'.repeat(30_000));
    expect(replies).toHaveLength(1001);
    expect(said(replies.slice(-1))).toBe('responses fit what it prints more than 1000 times');
  });
});
