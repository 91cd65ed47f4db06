import { defineFunction, FunctionError } from '../function.ts';
import { readYamlText } from '../yaml-text.ts';

export const fromYaml = defineFunction({
  name: 'from_yaml',
  summary: 'The value that a YAML text stands for. It holds one document.',
  params: { text: { kind: 'text', about: 'YAML' } },
  result: 'any',
  call: ({ text }) => {
    const documents = readYamlText(text);
    if (documents.length > 1)
      throw new FunctionError(`there are ${documents.length} documents; from_yaml_all, or parse: yaml_all, reads them`);
    return documents[0] ?? null;
  },
  examples: [{ args: ['port: 80\nnames: [a, b]\n'], result: { port: 80, names: ['a', 'b'] } }],
  alsoCalled: ['fromyaml', 'parse_yaml', 'yaml_load', 'yamldecode', 'safe_load'],
});
