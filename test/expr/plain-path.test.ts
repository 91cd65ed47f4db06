import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExpressionCompiler } from '../../src/expr/compile.ts';
import type { Expression } from '../../src/expr/expression.ts';
import { isPlainPath, plainPath } from '../../src/expr/plain-path.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { Fields, Value } from '../../src/model/value.ts';
import { ProblemError } from '../../src/problems/problem.ts';

const engine = createExpressionCompiler();
const scopeOf = (fields: Fields): Scope => ({
  get: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
  names: () => Object.keys(fields),
});
const whole = (text: string) => ({ file: 'a.yml', start: 0, end: text.length });

/** The value, or everything about the problems. */
function outcome(expression: Expression | undefined, scope: Scope): unknown {
  try {
    return { value: expression?.evaluate(scope) };
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
}

describe('a path of names', () => {
  const name = fc.constantFrom('a', 'b', 'stat', 'exists', 'x_1', 'Name');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('.'));
  const value = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Value>(null, true, false, 0, 1.5, '', 'text'),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  const fields = fc.dictionary(name, value, { maxKeys: 5 });

  it('means what it means to the engine, in every scope, also where something is missing', () => {
    fc.assert(
      fc.property(path, fields, fc.constantFrom('', ' ', '  '), (text, given, space) => {
        const spaced = `${space}${text}${space}`;
        const plain = plainPath(spaced, whole(spaced));
        const { expression } = engine.compileExpression(spaced, whole(spaced));
        expect(outcome(plain, scopeOf(given))).toEqual(outcome(expression, scopeOf(given)));
        expect(plain?.references).toEqual(expression?.references);
        expect([plain?.type, plain?.proves(true)]).toEqual([expression?.type, expression?.proves(true)]);
      }),
      { numRuns: 1000 },
    );
  });

  it('is not taken for one when the engine would not read a variable there', () => {
    const words =
      'true false null in as break const continue else for function if import let loop package namespace return var void while int uint double bool string bytes list map null_type type dyn optional optional_type google cel math strings base64 True False None vars';
    for (const word of words.split(' ')) expect([word, isPlainPath(word)]).toEqual([word, false]);
    for (const text of [
      'a + b',
      'a[0]',
      'a.?b',
      '!a',
      'a()',
      'a.b()',
      '"a"',
      '1',
      'a-b',
      '',
      ' ',
      'a.',
      '.a',
      'a..b',
      'a b',
    ])
      expect([text, isPlainPath(text)]).toEqual([text, false]);
  });

  it('reads all names that the engine takes for variables', () => {
    const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,11}$/);
    fc.assert(
      fc.property(word, (text) => {
        const { problems } = engine.compileExpression(text, whole(text));
        // Where the engine has something to say, it is asked.
        if (problems.length > 0) expect(isPlainPath(text)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
