import { FunctionError } from '../../expr/functions.ts';
import type { Helper } from '../helper.ts';

export const length: Helper = {
  name: 'length',
  summary: 'How many items a list or a mapping has, or how many characters a text.',
  args: [1, 1],
  run: (value) => {
    if (typeof value === 'string') return [...value].length;
    if (typeof value === 'object' && value !== null) return Object.keys(value).length;
    throw new FunctionError('it takes a list, a mapping or text');
  },
  examples: [{ template: '{{length names}}', vars: { names: ['a', 'b'] }, result: 2 }],
};
