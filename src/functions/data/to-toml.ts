import { stringify } from 'smol-toml';
import type { Value } from '../../model/value.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const toToml = defineFunction({
  name: 'to_toml',
  summary: 'A mapping as TOML text. TOML has no null.',
  params: { map: { kind: 'map', about: 'a mapping' } },
  result: 'text',
  call: ({ map }) => {
    if (holdsNull(map)) throw new FunctionError('there is a null in it, which TOML cannot hold');
    try {
      return stringify(map);
    } catch (error) {
      throw new FunctionError(`TOML cannot hold it: ${error instanceof Error ? error.message : error}`);
    }
  },
  examples: [{ args: [{ server: { port: 80 } }], result: '[server]\nport = 80\n' }],
  alsoCalled: ['totoml', 'toml'],
});

function holdsNull(value: Value): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).some(holdsNull));
}
