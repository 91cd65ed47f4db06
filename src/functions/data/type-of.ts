import { defineFunction } from '../function.ts';

export const typeOf = defineFunction({
  name: 'type_of',
  summary: 'What a value is: `text`, `number`, `bool`, `list`, `map` or `null`.',
  params: { value: { kind: 'any', about: 'any value', lenient: true } },
  result: 'text',
  call: ({ value = null }) => {
    if (value === null) return 'null';
    if (Array.isArray(value)) return 'list';
    if (typeof value === 'object') return 'map';
    return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'bool';
  },
  examples: [
    { args: [[1]], result: 'list' },
    { args: ['1'], result: 'text' },
  ],
  alsoCalled: ['type_debug', 'typeof'],
});
