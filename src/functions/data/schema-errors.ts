import { defineFunction } from '../function.ts';
import { schemaFaults } from '../json-schema.ts';

export const schemaErrors = defineFunction({
  name: 'schema_errors',
  summary:
    'What is wrong with a value for a JSON Schema, read as one of 2020-12, as a list of texts; empty when nothing is. `format` is not checked.',
  params: {
    value: { kind: 'any', about: 'what is checked' },
    schema: { kind: 'map', about: 'the schema' },
  },
  result: 'list',
  call: ({ value, schema }) => schemaFaults(schema, value).map(({ place, words }) => `${place || '/'} ${words}`),
  examples: [
    { args: [{ port: 80 }, { type: 'object', required: ['port'] }], result: [] },
    {
      args: [{ port: 'x' }, { properties: { port: { type: 'integer' } }, required: ['name'] }],
      result: ["/ must have required property 'name'", '/port must be integer'],
    },
    {
      args: ['b', { $schema: 'http://json-schema.org/draft-07/schema#', enum: ['a', 1] }],
      result: ['/ must be equal to one of the allowed values: a, 1'],
    },
  ],
  alsoCalled: ['json_schema', 'schema_valid', 'validate', 'jsonschema'],
});
