import { defineFunction } from '../function.ts';
import { readYamlText } from '../yaml-text.ts';

export const fromYamlAll = defineFunction({
  name: 'from_yaml_all',
  summary: 'The values of all documents in a YAML text, as a list.',
  params: { text: { kind: 'text', about: 'YAML with `---` between documents' } },
  result: 'list',
  call: ({ text }) => readYamlText(text),
  examples: [{ args: ['a: 1\n---\nb: 2\n'], result: [{ a: 1 }, { b: 2 }] }],
  alsoCalled: ['safe_load_all', 'parse_yaml_all'],
});
