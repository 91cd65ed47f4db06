import { defineFunction, FunctionError } from '../function.ts';
import { sortedKeys } from '../sorted-keys.ts';
import { writeYamlText } from '../yaml-text.ts';

export const toYaml = defineFunction({
  name: 'to_yaml',
  summary: 'Any value as YAML text, one key or item a line.',
  params: {
    value: { kind: 'any', about: 'any value' },
    indent: { kind: 'integer', about: 'by how many spaces', default: 2 },
    sort_keys: { kind: 'bool', about: 'whether keys stand in their order', default: false },
  },
  result: 'text',
  call: ({ value, indent, sort_keys }) => {
    if (indent < 1 || indent > 10) throw new FunctionError('indent is 1 to 10');
    return writeYamlText(sort_keys ? sortedKeys(value) : value, indent);
  },
  examples: [{ args: [{ port: 80, names: ['a', 'yes'] }], result: 'port: 80\nnames:\n  - a\n  - "yes"\n' }],
  alsoCalled: ['to_nice_yaml', 'toyaml', 'yaml', 'yamlencode', 'yaml_dump'],
});
