import type { Value } from '../../model/value.ts';
import { whyNotJson } from '../../util/json-text.ts';
import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

export const fromJson = defineFunction({
  name: 'from_json',
  summary: 'The value that a JSON text stands for.',
  params: { text: { kind: 'text', about: 'JSON' } },
  result: 'any',
  call: ({ text }) => {
    try {
      return JSON.parse(text) as Value;
    } catch {
      throw new FunctionError(`${shown(text)} ${whyNotJson(text)}`);
    }
  },
  examples: [{ args: ['{"port": 80}'], result: { port: 80 } }],
  alsoCalled: ['fromjson', 'parse_json', 'json_decode', 'jsondecode', 'loads'],
});
