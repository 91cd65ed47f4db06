import type { Value } from '../../model/value.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const jsonPointer = defineFunction({
  name: 'json_pointer',
  summary: 'What lies at a JSON pointer (RFC 6901) such as `/servers/0/name`, or a default where nothing is.',
  params: {
    value: { kind: 'any', about: 'where to look' },
    pointer: { kind: 'text', about: 'keys and places, each behind a slash; `~1` is a slash in a key, `~0` a tilde' },
    default: { kind: 'any', about: 'what to give when there is nothing', optional: true, omittable: true },
  },
  result: 'any',
  call: ({ value, pointer, default: otherwise }) => {
    if (pointer !== '' && !pointer.startsWith('/')) throw new FunctionError('a pointer begins with /');
    let at = value;
    for (const step of pointer.split('/').slice(1)) {
      const next = below(at, step.replaceAll('~1', '/').replaceAll('~0', '~'));
      if (next === undefined) {
        if (otherwise !== undefined) return otherwise;
        throw new FunctionError(`there is nothing at ${pointer}`);
      }
      at = next;
    }
    return at;
  },
  examples: [
    { args: [{ servers: [{ name: 'a' }] }, '/servers/0/name'], result: 'a' },
    { args: [{ 'a/b': { '~': 1 } }, '/a~1b/~0'], result: 1 },
    { args: [{ a: 1 }, '/b', 'none'], result: 'none' },
  ],
});

function below(value: Value, key: string): Value | undefined {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? value[key] : undefined;
}
