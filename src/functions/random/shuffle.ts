import { defineFunction } from '../function.ts';
import { randomOf } from '../seeded.ts';

export const shuffle = defineFunction({
  name: 'shuffle',
  summary: 'A list in random order.',
  params: {
    list: { kind: 'list', about: 'any items' },
    seed: { kind: 'text', about: 'what the order follows from; the run and the host when not given', optional: true },
  },
  result: 'list',
  call: ({ list, seed }, context) => randomOf('shuffle', seed, context).shuffled(list),
  examples: [{ args: [['a', 'b', 'c'], 'web1'], result: ['b', 'c', 'a'] }],
});
