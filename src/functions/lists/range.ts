import { defineFunction, FunctionError } from '../function.ts';

/** More items than any loop of tasks should have; a typo must not fill the memory. */
const MOST = 100_000;
export const range = defineFunction({
  name: 'range',
  summary:
    'Whole numbers up to but without an end: from 0 with one number, from the first with two, in steps with three.',
  params: {
    start: { kind: 'integer', about: 'the first; with one number it is the end' },
    end: { kind: 'integer', about: 'what is not reached', optional: true },
    step: { kind: 'integer', about: 'the distance', default: 1 },
  },
  result: 'list',
  call: ({ start, end, step }) => {
    const [from, to] = end === undefined ? [0, start] : [start, end];
    if (step === 0) throw new FunctionError('step is 0');
    const count = Math.max(0, Math.ceil((to - from) / step));
    if (count > MOST) throw new FunctionError(`it gives at most ${MOST} numbers`);
    return Array.from({ length: count }, (_, i) => from + i * step);
  },
  examples: [
    { args: [3], result: [0, 1, 2] },
    { args: [8080, 8082], result: [8080, 8081] },
    { args: [10, 0, -5], result: [10, 5] },
  ],
  alsoCalled: ['seq', 'sequence'],
});
