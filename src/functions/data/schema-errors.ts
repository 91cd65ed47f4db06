import { schemaErrors as errorsOf, SchemaFault } from '../../util/json-schema.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const schemaErrors = defineFunction({
  name: 'schema_errors',
  summary:
    'What is wrong with a value for a JSON Schema (2020-12), as a list of sentences, each with the place as a JSON pointer; empty when nothing is. `format` is not checked.',
  params: {
    value: { kind: 'any', about: 'what is checked' },
    schema: { kind: 'map', about: 'the schema' },
  },
  result: 'list',
  call: ({ value, schema }) => {
    try {
      return errorsOf(value, schema);
    } catch (error) {
      throw error instanceof SchemaFault ? new FunctionError(`this is no JSON Schema: ${error.message}`) : error;
    }
  },
  examples: [
    { args: [{ port: 80 }, { type: 'object', required: ['port'] }], result: [] },
    {
      args: [{ port: 'x' }, { properties: { port: { type: 'integer' } }, required: ['name'] }],
      result: ["it must have required property 'name'", '/port must be integer'],
    },
  ],
  alsoCalled: ['json_schema', 'schema_valid', 'validate', 'jsonschema'],
});
