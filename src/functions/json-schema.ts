import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import type { Value } from '../model/value.ts';
import { FunctionError } from './function.ts';

/** One thing that is wrong with a value: where, as a JSON pointer (empty: the value itself), and what. */
export interface SchemaFault {
  place: string;
  words: string;
}

/** Patterns of schemas are searched in linear time, too. */
const linear = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern, RE2JS.LOOKBEHINDS);
    return { test: (text: string) => compiled.test(text) };
  },
  { code: 'linear' },
);

/**
 * What is wrong with a value for a JSON Schema. It is read as one of 2020-12, whatever draft it names: what is used most means the same in all of
 * them. `format` is not checked. Throws FunctionError for a schema that is none.
 */
export function schemaFaults(schema: Value, value: Value): SchemaFault[] {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateSchema: false,
    validateFormats: false,
    logger: false,
    code: { regExp: linear },
  });
  let validate: ReturnType<typeof ajv.compile>;
  try {
    validate = ajv.compile(withoutDraft(schema));
  } catch (error) {
    throw new FunctionError(`this is no JSON Schema: ${error instanceof Error ? error.message : error}`);
  }
  return validate(value) ? [] : (validate.errors ?? []).map(fault);
}

function withoutDraft(schema: Value): boolean | { [key: string]: Value } {
  if (typeof schema === 'boolean') return schema;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
    throw new Error('it is neither a mapping nor true or false');
  const { $schema: _, ...rest } = schema;
  return rest;
}

function fault({ instancePath, message = 'is wrong', params }: ErrorObject): SchemaFault {
  const more: unknown = params['allowedValues'] ?? params['allowedValue'] ?? params['additionalProperty'];
  const named = more === undefined ? '' : `: ${[more].flat().map(shown).join(', ')}`;
  return { place: instancePath, words: `${message}${named}` };
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
