import { defineFunction, FunctionError } from '../function.ts';

export const truncate = defineFunction({
  name: 'truncate',
  summary: 'A text that is cut, with a mark at its end, when it is too long.',
  params: {
    text: { kind: 'text', about: 'any text' },
    length: { kind: 'integer', about: 'how many characters it has at most, the mark included' },
    end: { kind: 'text', about: 'the mark', default: '…' },
  },
  result: 'text',
  call: ({ text, length, end }) => {
    const all = [...text];
    const mark = [...end];
    if (length < mark.length) throw new FunctionError('length is shorter than the mark at the end');
    return all.length <= length ? text : [...all.slice(0, length - mark.length), ...mark].join('');
  },
  examples: [
    { args: ['a long message', 7], result: 'a long…' },
    { args: ['short', 7], result: 'short' },
  ],
});
