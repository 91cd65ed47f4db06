import { type Argument, type ExpressionFunction, FunctionError } from '../functions.ts';

/** More items than any loop of tasks should have; a typo must not fill the memory. */
const MOST = 100_000;

export const range: ExpressionFunction = {
  name: 'range',
  summary: 'The whole numbers from 0, or from the first argument, up to but without the last.',
  overloads: {
    'range(dyn): list<dyn>': (to: Argument) => count(0, whole(to)),
    'range(dyn, dyn): list<dyn>': (from: Argument, to: Argument) => count(whole(from), whole(to)),
  },
  examples: [
    { expression: 'range(3)', result: [0, 1, 2] },
    { expression: 'range(8080, 8082)', result: [8080, 8081] },
  ],
};

function whole(value: Argument): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    throw new FunctionError('range() takes whole numbers');
  return number;
}

function count(from: number, to: number): number[] {
  if (to - from > MOST) throw new FunctionError(`range() gives at most ${MOST} numbers`);
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
