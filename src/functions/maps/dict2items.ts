import { defineFunction } from '../function.ts';

export const dict2items = defineFunction({
  name: 'dict2items',
  summary: 'A mapping as a list of `{key, value}`, for a loop over it.',
  params: {
    map: { kind: 'map', about: 'a mapping' },
    key_name: { kind: 'text', about: 'what the keys are called', default: 'key' },
    value_name: { kind: 'text', about: 'what the values are called', default: 'value' },
  },
  result: 'list',
  call: ({ map, key_name, value_name }) =>
    Object.entries(map).map(([key, value]) => ({ [key_name]: key, [value_name]: value })),
  examples: [
    { args: [{ web: 80 }], result: [{ key: 'web', value: 80 }] },
    { args: [{ web: 80 }, 'name', 'port'], result: [{ name: 'web', port: 80 }] },
  ],
  alsoCalled: ['items', 'entries', 'to_entries', 'iteritems', 'with_dict'],
});
