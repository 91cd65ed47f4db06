import { identity } from '../compare.ts';
import { defineFunction, FunctionError } from '../function.ts';
import { kindOf } from '../words.ts';

export const contains = defineFunction({
  name: 'contains',
  summary: 'Whether a list holds an item, or a text a piece.',
  params: {
    whole: { kind: ['text', 'list'], about: 'a text or a list' },
    part: { kind: 'any', about: 'what is looked for' },
  },
  result: 'bool',
  call: ({ whole, part }) => {
    if (typeof whole === 'string') {
      if (typeof part === 'object') throw new FunctionError(`a text cannot hold ${kindOf(part)}`);
      return whole.includes(String(part));
    }
    const wanted = identity(part);
    return whole.some((item) => identity(item) === wanted);
  },
  examples: [
    { args: [['a', 'b'], 'a'], result: true },
    { args: ['nginx', 'gin'], result: true },
    { args: [[1, 2], 3], result: false },
  ],
  alsoCalled: ['includes', 'has_item'],
});
