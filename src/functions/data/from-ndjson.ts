import type { Value } from '../../model/value.ts';
import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

export const fromNdjson = defineFunction({
  name: 'from_ndjson',
  summary: 'The values of a text with a JSON value in each line (JSON Lines), as a list. Empty lines are left out.',
  params: { text: { kind: 'text', about: 'the lines' } },
  result: 'list',
  call: ({ text }) =>
    text.split('\n').flatMap((line, i): Value[] => {
      if (line.trim() === '') return [];
      try {
        return [JSON.parse(line)];
      } catch {
        throw new FunctionError(`line ${i + 1} is not JSON: ${shown(line.trim())}`);
      }
    }),
  examples: [{ args: ['{"a": 1}\n{"a": 2}\n'], result: [{ a: 1 }, { a: 2 }] }],
  alsoCalled: ['from_jsonl', 'from_json_lines', 'parse_ndjson'],
});
