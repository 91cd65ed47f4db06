import { fieldOf, mapping } from '../fields.ts';
import { defineFunction } from '../function.ts';
import { itemText } from '../words.ts';

export const items2dict = defineFunction({
  name: 'items2dict',
  summary: 'A mapping from a list of `{key, value}`. Of equal keys the last wins.',
  params: {
    list: { kind: 'list', about: 'mappings with a key and a value' },
    key_name: { kind: 'text', about: 'what the keys are called', default: 'key' },
    value_name: { kind: 'text', about: 'what the values are called', default: 'value' },
  },
  result: 'map',
  call: ({ list, key_name, value_name }) =>
    mapping(list.map((item) => [itemText(fieldOf(item, key_name)), fieldOf(item, value_name)])),
  examples: [
    { args: [[{ key: 'web', value: 80 }]], result: { web: 80 } },
    { args: [[{ name: 'web', port: 80 }], 'name', 'port'], result: { web: 80 } },
  ],
  alsoCalled: ['from_entries', 'dict', 'to_dict', 'todict'],
});
