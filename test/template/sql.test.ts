import { describe, expect, test } from 'vitest';
import { compileSql } from '../../src/template/sql/compile-sql.ts';
import { scopeOf, thrownBy, told } from '../expr/told.ts';

const scope = scopeOf({ x: 'o\'x"; DROP TABLE t; --', n: 3, list: [1, 2], yes: true, map: { a: 1 } });

const at = (text: string) => ({ file: 'book.yml', start: 0, end: text.length });

/** SQL with `‹value›` where one is bound. */
function rendered(text: string): string {
  const { template, problems } = compileSql(text, at(text));
  if (!template) return `refused: ${told(problems, text)}`;
  const thrown = thrownBy(() => template.render(scope));
  if (thrown.length > 0) return `refused: ${told(thrown, text)}`;
  const { texts, values } = template.render(scope) as { texts: string[]; values: unknown[] };
  expect(texts).toHaveLength(values.length + 1);
  return texts.map((part, i) => part + (i < values.length ? `‹${JSON.stringify(values[i])}›` : '')).join('');
}

const x = JSON.stringify('o\'x"; DROP TABLE t; --');

describe('values in SQL', () => {
  test.each([
    ['a = {{x}} AND b < {{n}}', `a = ‹${x}› AND b < ‹3›`],
    ['a IN {{list}}', 'a IN ‹[1,2]›'],
    ['{{x}}', `‹${x}›`],
    ["a = '{{x}}'", `a = (CAST(‹${x}› AS VARCHAR))`],
    ["a LIKE '%{{x}}%'", `a LIKE ('%' || CAST(‹${x}› AS VARCHAR) || '%')`],
    ["'it''s {{n}}{{n}}'", "('it''s ' || CAST(‹3› AS VARCHAR) || CAST(‹3› AS VARCHAR))"],
    ['"{{x}}" > 1', '"o\'x""; DROP TABLE t; --" > 1'],
    ['a -- {{x}}\n+ {{n}}', 'a -- \n+ ‹3›'],
    ['a /* {{x}} */ + {{n}}', 'a /*  */ + ‹3›'],
    ["'a''{{n}}' || {{n}}", "('a''' || CAST(‹3› AS VARCHAR)) || ‹3›"],
    ['{{#if yes}}a = {{n}}{{else}}b{{/if}}', 'a = ‹3›'],
    ["{{#each list}}'{{this}}',{{/each}}0", '(CAST(‹1› AS VARCHAR)),(CAST(‹2› AS VARCHAR)),0'],
    ['no value, "name", \'text\'', 'no value, "name", \'text\''],
  ])('%s', (text, wanted) => {
    expect(rendered(text)).toBe(wanted);
  });

  test.each([
    ['{{{x}}}', 'between three braces'],
    ['{{#if yes}}{{{x}}}{{/if}}', 'between three braces'],
    ["E'{{x}}'", "in an E'…' text"],
    ['$$ {{x}} $$', 'between dollar quotes'],
    ['$tag$ {{n}} $tag$', 'between dollar quotes'],
    ['"{{list}}"', 'list'],
    ['a = {{nothing}}', 'nothing'],
  ])('%s is refused', (text, words) => {
    expect(rendered(text)).toContain('refused');
    expect(rendered(text)).toContain(words);
  });
});
