/** A JSON Schema, as far as this file looks into it. */
export type JsonSchema = { [key: string]: unknown };

/** Any text that will be rendered. */
const TEMPLATE: JsonSchema = { type: 'string', pattern: '\\{\\{' };

/** Keywords that hold one schema, a list of schemas, or schemas by name. */
const ONE = ['items', 'additionalProperties', 'contains', 'not', 'if', 'then', 'else', 'propertyNames'];
const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const MAPS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];

/** What may only stand beside a text: it is not asked of a template. */
const TEXT_RULES = ['pattern', 'minLength', 'maxLength', 'format'];

/**
 * The schema for a module's parameters before templates are rendered, for editors: whatever is not plain text, be it a number,
 * a list, a mapping or one of a few words, may also be a text that holds `{{`. The mapping of the parameters itself may not.
 */
export function templatable(schema: JsonSchema): JsonSchema {
  return inside(schema);
}

/** A schema whose parts may be templates, but not itself. */
function inside(schema: JsonSchema): JsonSchema {
  const result: JsonSchema = { ...schema };
  for (const key of ONE)
    if (isSchema(schema[key]))
      result[key] = key === 'items' || key === 'additionalProperties' ? orTemplate(schema[key]) : schema[key];
  for (const key of LISTS)
    if (Array.isArray(schema[key]))
      result[key] = schema[key].map((one: unknown) => (isSchema(one) ? inside(one) : one));
  for (const key of MAPS) {
    const map = schema[key];
    if (!isSchema(map)) continue;
    result[key] = Object.fromEntries(
      Object.entries(map).map(([name, one]) => [name, isSchema(one) ? orTemplate(one) : one]),
    );
  }
  return result;
}

/** A schema that a template satisfies too. */
function orTemplate(schema: JsonSchema): JsonSchema {
  if (takesAnyText(schema)) return inside(schema);
  const { description, title, default: preset, ...rest } = inside(schema);
  const said = {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(preset !== undefined && { default: preset }),
  };
  return { ...said, anyOf: [rest, TEMPLATE] };
}

/** True when the schema asks nothing of a text, so that a template is nothing special. */
function takesAnyText(schema: JsonSchema): boolean {
  if (Array.isArray(schema['anyOf'])) return schema['anyOf'].some((one: unknown) => isSchema(one) && takesAnyText(one));
  if (schema['enum'] !== undefined || schema['const'] !== undefined) return false;
  const types = [schema['type']].flat();
  const free =
    types.includes('string') ||
    (schema['type'] === undefined && !('$ref' in schema) && !('oneOf' in schema) && !('allOf' in schema));
  return (
    free &&
    TEXT_RULES.every((rule) => schema[rule] === undefined || (rule === 'minLength' && Number(schema[rule]) <= 1))
  );
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
