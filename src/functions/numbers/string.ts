import { defineFunction } from '../function.ts';
import { itemText } from '../words.ts';

export const string = defineFunction({
  name: 'string',
  summary: 'A number, or true or false, as text.',
  params: { value: { kind: ['bool', 'number', 'text'], about: 'a value that is no list and no mapping' } },
  result: 'text',
  call: ({ value }) => itemText(value),
  examples: [
    { args: [80], result: '80' },
    { args: [true], result: 'true' },
  ],
  alsoCalled: ['to_string', 'tostring', 'str', 'text'],
  cel: 'standard',
});
