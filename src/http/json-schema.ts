import type { Value } from '../model/value.ts';
import { HttpFault } from './message.ts';

/** As many mistakes of a value are told. */
const mostFaults = 5;

/**
 * What about a value is not as a JSON Schema (2020-12) says, each with its place; empty: it fits. `format` is not checked, and patterns are
 * searched in linear time. Throws HttpFault when the schema itself is wrong.
 */
export async function schemaFaults(schema: Value, value: Value): Promise<string[]> {
  const [{ Ajv2020 }, { RE2JS }] = await Promise.all([
    import('ajv/dist/2020.js').then((module) => module.default),
    import('re2js'),
  ]);
  const regExp = Object.assign(
    (pattern: string) => {
      const compiled = RE2JS.compile(pattern, RE2JS.LOOKBEHINDS);
      return { test: (text: string) => compiled.test(text) };
    },
    { code: 'undefined' },
  );
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateSchema: false,
    validateFormats: false,
    logger: false,
    code: { regExp },
  });
  let validate: ReturnType<typeof ajv.compile>;
  try {
    const { $schema: _, ...rest } =
      typeof schema === 'object' && schema !== null ? (schema as { $schema?: Value }) : {};
    validate = ajv.compile(typeof schema === 'boolean' ? schema : rest);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new HttpFault(`expect.json is no JSON Schema: ${words}`);
  }
  if (validate(value)) return [];
  const faults = (validate.errors ?? []).map(({ instancePath, message = 'is wrong', params }) => {
    const extra = params['additionalProperty'] ?? params['allowedValues'] ?? params['allowedValue'];
    return `${instancePath === '' ? 'it' : instancePath} ${message}${extra === undefined ? '' : ` (${[extra].flat().join(', ')})`}`;
  });
  const more = faults.length - mostFaults;
  return more > 0 ? [...faults.slice(0, mostFaults), `and ${more} more`] : faults;
}
