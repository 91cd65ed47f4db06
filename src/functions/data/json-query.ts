import { search } from 'jmespath';
import type { Value } from '../../model/value.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const jsonQuery = defineFunction({
  name: 'json_query',
  summary: 'What a query in JMESPath (jmespath.org) finds in a value; null when nothing is there.',
  params: {
    value: { kind: 'any', about: 'where to look' },
    query: { kind: 'text', about: 'a query such as `servers[?port > `80`].name`' },
  },
  result: 'any',
  call: ({ value, query }) => {
    try {
      return (search(value, query) ?? null) as Value;
    } catch (error) {
      throw new FunctionError(`the query cannot be answered: ${error instanceof Error ? error.message : error}`);
    }
  },
  examples: [
    {
      args: [
        {
          servers: [
            { name: 'a', port: 80 },
            { name: 'b', port: 443 },
          ],
        },
        'servers[?port > `80`].name',
      ],
      result: ['b'],
    },
    { args: [{ a: { b: [1, 2, 3] } }, 'a.b | length(@)'], result: 3 },
    { args: [{ a: 1 }, 'b'], result: null },
  ],
  alsoCalled: ['jmespath', 'jq'],
});
