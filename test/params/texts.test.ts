import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ParamDeclaration } from '../../src/model/param.ts';
import { checkArguments, checkRendered } from '../../src/params/arguments.ts';
import { parseParamText } from '../../src/params/parse-text.ts';
import { parseSize } from '../../src/params/size.ts';

const at = { file: 'site.yml', start: 0, end: 0 };
const declare = (more: Partial<ParamDeclaration>): ParamDeclaration => ({
  name: 'x',
  type: 'string',
  required: false,
  confirm: false,
  secret: false,
  at,
  ...more,
});

test.each([
  ['string', '1.10', '1.10'],
  ['string', '007', '007'],
  ['int', '10', 10],
  ['number', '1.10', 1.1],
  ['bool', 'yes', true],
  ['list', 'a, b', ['a', 'b']],
  ['list', '[1, {a: 2}]', [1, { a: 2 }]],
  ['map', 'a=1.10,b=', { a: '1.10', b: '' }],
  ['path', 'a/b', '/work/a/b'],
  ['path', '/a', '/a'],
  ['duration', '500ms', 0.5],
  ['duration', '10m', 600],
  ['size', '1GiB', 1_073_741_824],
  ['size', '10MB', 10_000_000],
] as const)('%s %s', (type, text, value) => {
  expect(parseParamText(declare({ type }), text, { dir: '/work' })).toEqual({ value });
});

test.each([
  ['int', '1.5'],
  ['int', ''],
  ['bool', 'maybe'],
  ['map', 'a'],
  ['list', '[a'],
  ['duration', 'soon'],
  ['size', '10X'],
  ['size', '-1'],
  ['path', ''],
] as const)('%s does not take "%s"', (type, text) => {
  expect(parseParamText(declare({ type }), text, {}).problem?.code).toBe('E_PARAM_GIVEN');
});

test('a size reads back what it stands for', () => {
  fc.assert(
    fc.property(fc.nat(4096), fc.constantFrom('K', 'M', 'G'), (count, unit) => {
      const power = { K: 1, M: 2, G: 3 }[unit] ?? 0;
      expect(parseSize(`${count}${unit}iB`)).toBe(count * 1024 ** power);
      expect(parseSize(`${count}${unit}B`)).toBe(count * 1000 ** power);
    }),
  );
});

test('a list of words comes back as it was', () => {
  const word = fc.stringMatching(/^[a-z0-9._-]+$/);
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(parseParamText(declare({ type: 'list' }), words.join(','), {})).toEqual({ value: words });
    }),
  );
});

test('a secret is not in its own problem', () => {
  const { problem } = parseParamText(declare({ secret: true, pattern: '[a-z]+' }), 'HUNTER2', {});
  expect(JSON.stringify(problem)).not.toContain('HUNTER2');
});

test('what a role is given: unknown, missing and wrong at once, templates later', () => {
  const declarations = [
    declare({ name: 'to', required: true }),
    declare({ name: 'port', type: 'int' }),
    declare({ name: 'later', type: 'int' }),
  ];
  const value = { port: 'x', prot: 1, later: '{{n}}' };
  const { problems, unchecked } = checkArguments(declarations, { value, locate: () => at });
  expect(problems.map(({ code }) => code)).toEqual(['E_PARAM_NOT_DECLARED', 'E_PARAM_REQUIRED', 'E_PARAM_GIVEN']);
  expect(unchecked).toEqual(['later']);
  expect(checkRendered(declare({ type: 'int' }), 'x').problem?.code).toBe('E_PARAM_GIVEN');
  expect(checkRendered(declare({ type: 'int' }), 3)).toEqual({ value: 3 });
});
