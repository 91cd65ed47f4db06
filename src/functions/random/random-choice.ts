import { defineFunction, FunctionError } from '../function.ts';
import { randomOf } from '../seeded.ts';

export const randomChoice = defineFunction({
  name: 'random_choice',
  summary: 'One item of a list, at random.',
  params: {
    list: { kind: 'list', about: 'a list that is not empty' },
    seed: { kind: 'text', about: 'what the choice follows from; the run and the host when not given', optional: true },
  },
  result: 'any',
  call: ({ list, seed }, context) => {
    if (list.length === 0) throw new FunctionError('the list is empty');
    return list[randomOf('random_choice', seed, context).below(list.length)] ?? null;
  },
  examples: [{ args: [['a', 'b', 'c'], 'web1'], result: 'b' }],
  alsoCalled: ['choice', 'sample'],
});
