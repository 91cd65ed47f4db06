/** A JSON Schema, as far as this file looks into it. */
type Schema = { [key: string]: unknown };

/**
 * The JSON Schema of a module's parameters as plain data. TypeBox writes every choice as `anyOf`; where JSON Schema has a shorter word
 * (`enum`, a list of types) it is used, because editors complete it better and a mistake is then one issue and not one for each branch.
 * A mapping with named properties takes no others unless its schema says so.
 */
export function strict(schema: unknown): Schema {
  return shorten(JSON.parse(JSON.stringify(schema))) as Schema;
}

/** Which names each closed mapping takes, by the schema path that ajv reports, for "did you mean". */
export function allowedNames(
  node: unknown,
  path = '#',
  found: Record<string, string[]> = {},
): Record<string, string[]> {
  if (!isSchema(node)) {
    if (Array.isArray(node)) node.forEach((each, i) => void allowedNames(each, `${path}/${i}`, found));
    return found;
  }
  if (node['additionalProperties'] === false)
    found[`${path}/additionalProperties`] = Object.keys((node['properties'] as object | undefined) ?? {});
  for (const [key, value] of Object.entries(node)) allowedNames(value, `${path}/${pointer(key)}`, found);
  return found;
}

function pointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function shorten(node: unknown): unknown {
  if (!isSchema(node)) return node;
  const { anyOf, ...rest } = node;
  for (const key of ['properties', 'patternProperties', '$defs']) {
    const map = rest[key];
    if (isSchema(map)) rest[key] = Object.fromEntries(Object.entries(map).map(([name, sub]) => [name, shorten(sub)]));
  }
  for (const key of ['items', 'additionalProperties']) if (rest[key]) rest[key] = shorten(rest[key]);
  for (const key of ['allOf', 'oneOf', 'prefixItems']) {
    const list = rest[key];
    if (Array.isArray(list)) rest[key] = list.map(shorten);
  }
  if (rest['properties']) rest['additionalProperties'] ??= false;
  return Array.isArray(anyOf) ? { ...rest, ...choice(anyOf.map(shorten)) } : rest;
}

function choice(branches: unknown[]): Schema {
  if (branches.every((branch) => has(branch, 'type'))) return { type: typesOf(branches) };
  const constants = branches.filter((branch) => isSchema(branch) && 'const' in branch && has(branch, 'const', 'type'));
  if (constants.length === 0) return { anyOf: branches };
  const values = { enum: constants.map((branch) => (branch as Schema)['const']) };
  const others = branches.filter((branch) => !constants.includes(branch));
  return others.length === 0 ? values : { anyOf: [{ type: typesOf(constants), ...values }, ...others] };
}

function typesOf(branches: unknown[]): unknown {
  const types = [...new Set(branches.flatMap((branch) => (branch as Schema)['type']))];
  return types.length === 1 ? types[0] : types;
}

/** True when a schema has no other keywords. */
function has(branch: unknown, ...keywords: string[]): boolean {
  const keys = isSchema(branch) ? Object.keys(branch) : [];
  return keys.length > 0 && keys.every((key) => keywords.includes(key));
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
