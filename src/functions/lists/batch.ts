import { defineFunction, FunctionError } from '../function.ts';

export const batch = defineFunction({
  name: 'batch',
  summary: 'A list cut into lists of a size; the last may be shorter.',
  params: { list: { kind: 'list', about: 'any items' }, size: { kind: 'integer', about: 'how many in each' } },
  result: 'list',
  call: ({ list, size }) => {
    if (size < 1) throw new FunctionError('size is at least 1');
    return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
  },
  examples: [{ args: [[1, 2, 3], 2], result: [[1, 2], [3]] }],
  alsoCalled: ['chunk', 'chunks'],
});
