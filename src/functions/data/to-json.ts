import { defineFunction, FunctionError } from '../function.ts';
import { sortedKeys } from '../sorted-keys.ts';

export const toJson = defineFunction({
  name: 'to_json',
  alias: 'json',
  summary: 'Any value as JSON text.',
  params: {
    value: { kind: 'any', about: 'any value' },
    indent: { kind: 'integer', about: 'by how many spaces; 0 gives one line', default: 0 },
    sort_keys: { kind: 'bool', about: 'whether keys stand in their order', default: false },
  },
  result: 'text',
  call: ({ value, indent, sort_keys }) => {
    if (indent < 0 || indent > 10) throw new FunctionError('indent is 0 to 10');
    return JSON.stringify(sort_keys ? sortedKeys(value) : value, null, indent);
  },
  examples: [
    { args: [{ port: 80, names: ['a'] }], result: '{"port":80,"names":["a"]}' },
    { args: [{ b: 1, a: 2 }, 2, true], result: '{\n  "a": 2,\n  "b": 1\n}' },
  ],
  alsoCalled: ['tojson', 'to_nice_json', 'json_encode', 'jsonencode', 'dumps'],
});
