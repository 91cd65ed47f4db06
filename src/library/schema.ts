import { allowedNames } from '../modules/strict.ts';
import { createValidator, type Validator } from '../modules/validate.ts';

/** What is wrong with a schema itself, and where in it. */
export interface SchemaFault {
  path: string[];
  detail: string;
}

/** Compiles the schema of a module that is not ours: only then is ajv loaded. Words that JSON Schema does not have are a fault, `format` is not checked. */
export async function compileSchema(
  schema: Record<string, unknown>,
): Promise<{ validator: Validator; fault?: undefined } | { validator?: undefined; fault: SchemaFault }> {
  // In the bundle a CommonJS package has this one export.
  const { Ajv2020 } = (await import('ajv/dist/2020.js')).default;
  const ajv = new Ajv2020({
    allErrors: true,
    strictSchema: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    validateFormats: false,
    // Compiling the schema of schemas takes longer than everything else here; it is asked only about a mistake.
    validateSchema: false,
    logger: false,
  });
  try {
    const validate = ajv.compile(schema) as unknown as Parameters<typeof createValidator>[0]['validate'];
    return { validator: createValidator({ validate, allowed: allowedNames(schema) }) };
  } catch (error) {
    if (!ajv.validateSchema(schema)) {
      const errors = ajv.errors ?? [];
      // The one that lies deepest is nearest to the mistake.
      const [deepest] = errors.toSorted((a, b) => b.instancePath.length - a.instancePath.length);
      const allowed = deepest?.params['allowedValues'] as unknown[] | undefined;
      const detail = `${deepest?.message ?? 'it does not fit'}${allowed ? ` (${allowed.join(', ')})` : ''}`;
      return { fault: { path: steps(deepest?.instancePath ?? ''), detail } };
    }
    const detail = (error instanceof Error ? error.message : String(error)).replace(/^strict mode: /, '');
    const word = /unknown keyword: "(.*)"/.exec(detail)?.[1];
    return { fault: { path: word === undefined ? [] : (pathTo(schema, word) ?? []), detail } };
  }
}

function steps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Where a word stands in a schema. */
function pathTo(node: unknown, word: string): string[] | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  for (const [key, value] of Object.entries(node)) {
    if (key === word) return [key];
    const below = pathTo(value, word);
    if (below) return [key, ...below];
  }
  return undefined;
}
