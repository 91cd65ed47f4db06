import type { Value } from '../../model/value.ts';
import { defineFunction, FunctionError } from '../function.ts';

/** More than any loop of tasks should have. */
const MOST = 100_000;
export const product = defineFunction({
  name: 'product',
  summary: 'Every combination of one item from each list: loops within loops.',
  params: { lists: { kind: 'list', about: 'a list', rest: true } },
  result: 'list',
  call: ({ lists }) => {
    const count = lists.reduce((all, list) => all * list.length, 1);
    if (count > MOST) throw new FunctionError(`it gives at most ${MOST} combinations, not ${count}`);
    return lists.reduce<Value[][]>((all, list) => all.flatMap((items) => list.map((item) => [...items, item])), [[]]);
  },
  examples: [
    {
      args: [
        ['a', 'b'],
        [1, 2],
      ],
      result: [
        ['a', 1],
        ['a', 2],
        ['b', 1],
        ['b', 2],
      ],
    },
  ],
  alsoCalled: ['nested', 'cartesian', 'permutations', 'combinations'],
});
