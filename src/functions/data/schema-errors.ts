import { defineFunction } from '../function.ts';
import { schemaErrors as errorsOf } from '../json-schema.ts';

export const schemaErrors = defineFunction({
  name: 'schema_errors',
  summary:
    'What is wrong with a value for a JSON Schema (2020-12), as a list of texts; empty when nothing is. `format` is not checked.',
  params: {
    value: { kind: 'any', about: 'what is checked' },
    schema: { kind: 'map', about: 'the schema' },
  },
  result: 'list',
  call: ({ value, schema }) => errorsOf(value, schema),
  examples: [
    { args: [{ port: 80 }, { type: 'object', required: ['port'] }], result: [] },
    {
      args: [{ port: 'x' }, { properties: { port: { type: 'integer' } }, required: ['name'] }],
      result: ["/ must have required property 'name'", '/port must be integer'],
    },
  ],
  alsoCalled: ['json_schema', 'schema_valid', 'validate', 'jsonschema'],
});
