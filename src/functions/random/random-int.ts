import { defineFunction, FunctionError } from '../function.ts';
import { randomOf } from '../seeded.ts';

export const randomInt = defineFunction({
  name: 'random_int',
  summary: 'A random whole number between two others, both included.',
  params: {
    least: { kind: 'integer', about: 'the smallest' },
    most: { kind: 'integer', about: 'the largest' },
    seed: { kind: 'text', about: 'what the number follows from; the run and the host when not given', optional: true },
  },
  result: 'integer',
  call: ({ least, most, seed }, context) => {
    if (most < least) throw new FunctionError('most is smaller than least');
    if (most - least >= 2 ** 48) throw new FunctionError('least and most are too far apart');
    return least + randomOf('random_int', seed, context).below(most - least + 1);
  },
  examples: [{ args: [0, 59, 'web1'], result: 8 }],
  alsoCalled: ['random', 'randint', 'rand'],
});
