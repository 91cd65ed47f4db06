import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { omitted } from '../../src/functions/omitted.ts';
import type { Located } from '../../src/model/span.ts';
import type { Value } from '../../src/model/value.ts';
import { createTextCompiler } from '../../src/template/text-compiler.ts';
import { scopeOf, thrownBy } from '../expr/told.ts';

/* What is `omit` is in no mapping and no list, however it came there. */
const scope = scopeOf({ omit: omitted, nobody: omitted, no: false });
const compiler = createTextCompiler();
await compiler.load();

function located(value: Value): Located<Value> {
  return { value, locate: () => ({ file: 'site.yml', start: 0, end: 1 }) };
}

function rendered(value: Value): Value | undefined {
  return compiler.compileValue(located(value)).value?.render(scope);
}

const texts = [
  '{{omit}}',
  '{{nobody}}',
  '{{default nobody omit}}',
  '{{ternary no "a" omit}}',
  '{{= no ? "a" : omit }}',
];
const gone = Symbol('gone');

/** A tree with marks in it. */
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(gone),
    fc.string().filter((text) => !/[{}\\]/.test(text)),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('tree'), { maxKeys: 4 }),
  ),
}));

/** The tree with a text in the place of each mark, and without them. */
function written(node: unknown, text: string): Value {
  if (node === gone) return text;
  if (Array.isArray(node)) return node.map((item) => written(item, text));
  if (typeof node !== 'object' || node === null) return node as Value;
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, written(item, text)]));
}

function without(node: unknown): Value {
  if (Array.isArray(node)) return node.filter((item) => item !== gone).map(without);
  if (typeof node !== 'object' || node === null) return node as Value;
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, item]): [string, Value][] => (item === gone ? [] : [[key, without(item)]])),
  );
}

test('keys and items go at every depth, all else stays as it is', () => {
  fc.assert(
    fc.property(tree, fc.constantFrom(...texts), (node, text) => {
      if (node === gone) expect(rendered(text)).toBe(omitted);
      else expect(rendered(written(node, text))).toEqual(without(node));
    }),
  );
});

describe('in an expression', () => {
  test.each([
    ['{{= ["a", omit, nobody] }}', ['a']],
    ['{{= {"a": omit, "b": [{"c": nobody, "d": 1}]} }}', { b: [{ d: 1 }] }],
    ['{{= [1, 2, 3].map(n, n == 2 ? omit : n) }}', [1, 3]],
    ['{{= to_json({"a": omit}) }}', '{}'],
    ['{{= get({"a": 1}, "b", omit) }}', omitted],
    ['{{= vars.?nowhere.orValue(omit) }}', omitted],
  ])('%s', (text, value) => {
    const found = rendered(text);
    if (value === omitted) expect(found).toBe(omitted);
    else expect(found).toEqual(value);
  });
});

describe('a function takes it only to give it on', () => {
  test.each([
    ['{{upper omit}}', 'it takes text, not omit'],
    ['{{to_json omit}}', 'it takes any value, not omit'],
    ['{{keys nobody}}', 'it takes a mapping, not omit'],
    ['{{= length(nobody) }}', 'it takes text or a list or a mapping, not omit'],
  ])('%s', (text, words) => {
    expect(thrownBy(() => rendered(text)).map(({ facts }) => (facts as { detail: string }).detail)).toEqual([
      expect.stringContaining(words),
    ]);
  });

  test('for default, what is left out is not there', () => {
    expect(rendered('{{default nobody "root"}}')).toBe('root');
  });
});
