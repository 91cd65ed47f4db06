import { FunctionError } from '../../expr/functions.ts';
import { textOf } from '../argument.ts';
import type { Helper } from '../helper.ts';

export const join: Helper = {
  name: 'join',
  summary: 'The items of a list as one text, with a separator between them ("," unless said).',
  args: [1, 2],
  run: (list, separator = ',') => {
    if (!Array.isArray(list)) throw new FunctionError('it takes a list');
    return list.map(textOf).join(textOf(separator));
  },
  examples: [{ template: '{{join names ", "}}', vars: { names: ['a', 'b'] }, result: 'a, b' }],
};
