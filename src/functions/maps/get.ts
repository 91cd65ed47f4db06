import { fieldAt } from '../fields.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const get = defineFunction({
  name: 'get',
  summary: 'What lies at a path in mappings and lists, or a default where nothing is.',
  params: {
    value: { kind: ['map', 'list'], about: 'where to look' },
    path: { kind: 'text', about: 'keys and places with dots between them' },
    default: { kind: 'any', about: 'what to give when there is nothing', optional: true, omittable: true },
  },
  result: 'any',
  call: ({ value, path, default: fallback }) => {
    const found = fieldAt(value, path) ?? fallback;
    if (found === undefined) throw new FunctionError(`there is nothing at "${path}"`);
    return found;
  },
  examples: [
    { args: [{ disks: [{ size: 10 }] }, 'disks.0.size'], result: 10 },
    { args: [{ a: 1 }, 'b', 'none'], result: 'none' },
  ],
  alsoCalled: ['dig', 'lookup', 'jsonpath'],
});
