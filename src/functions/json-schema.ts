import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import type { Fields, Value } from '../model/value.ts';
import { FunctionError } from './function.ts';

/** Patterns of schemas are searched in linear time, too. */
const linear = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    return { test: (text: string) => compiled.matcher(text).find() };
  },
  { code: 'linear' },
);

/** What is wrong with a value for a JSON Schema (2020-12), a sentence each, with the place as a JSON pointer. Throws FunctionError for a schema that is none. */
export function schemaErrors(value: Value, schema: Fields): string[] {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateFormats: false,
    logger: false,
    code: { regExp: linear },
  });
  let validate: ReturnType<typeof ajv.compile>;
  try {
    validate = ajv.compile(schema);
  } catch (error) {
    throw new FunctionError(`this is no JSON Schema: ${error instanceof Error ? error.message : error}`);
  }
  return validate(value) ? [] : (validate.errors ?? []).map(sentence);
}

function sentence({ instancePath, message = 'is wrong', params }: ErrorObject): string {
  const allowed = params['allowedValues'] as unknown[] | undefined;
  const more = allowed
    ? `: ${allowed.join(', ')}`
    : params['additionalProperty']
      ? `: ${params['additionalProperty']}`
      : '';
  return `${instancePath || '/'} ${message}${more}`;
}
