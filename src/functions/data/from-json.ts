import type { Value } from '../../model/value.ts';
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
    } catch (error) {
      throw new FunctionError(`${shown(text)} is not JSON${placeOf(error, text)}`);
    }
  },
  examples: [{ args: ['{"port": 80}'], result: { port: 80 } }],
  alsoCalled: ['fromjson', 'parse_json', 'json_decode', 'jsondecode', 'loads'],
});

/** V8 says only the offset; people look for lines. */
function placeOf(error: unknown, text: string): string {
  const offset = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (offset === undefined) return '';
  const before = text.slice(0, Number(offset)).split('\n');
  return `: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
