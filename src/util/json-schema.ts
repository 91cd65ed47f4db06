import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';

/** A schema that is none. */
export class SchemaFault extends Error {}

/** Patterns of schemas are searched in linear time, as all patterns are. */
const regExp = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern, RE2JS.LOOKBEHINDS);
    // Ajv takes patterns of one text for one pattern.
    return { test: (text: string) => compiled.test(text), toString: () => pattern };
  },
  { code: 'linear' },
);

/**
 * What about a value is not as a JSON Schema (2020-12) says: a sentence each, which begins with the place as a JSON pointer. `format` is not
 * checked, and `$schema` may name an older draft: what both know means the same. Throws SchemaFault.
 */
export function schemaErrors(value: unknown, schema: object | boolean): string[] {
  const validate = compiled(schema);
  return validate(value) ? [] : (validate.errors ?? []).map(sentence);
}

function compiled(schema: object | boolean): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateFormats: false,
    logger: false,
    code: { regExp },
  });
  const { $schema: _, ...rest } = typeof schema === 'object' ? (schema as { $schema?: unknown }) : {};
  try {
    return ajv.compile(typeof schema === 'object' ? rest : schema);
  } catch (error) {
    throw new SchemaFault(error instanceof Error ? error.message : String(error));
  }
}

function sentence({ instancePath, message = 'is wrong', params }: ErrorObject): string {
  const about = params['additionalProperty'] ?? params['allowedValues'] ?? params['allowedValue'];
  const more = about === undefined ? '' : ` (${[about].flat().join(', ')})`;
  return `${instancePath === '' ? 'it' : instancePath} ${message}${more}`;
}
