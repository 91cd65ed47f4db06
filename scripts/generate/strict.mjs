/**
 * The JSON Schema of a module's parameters as plain data. TypeBox writes every choice as `anyOf`; where JSON Schema has a shorter word
 * (`enum`, a list of types) it is used, because editors complete it better and a mistake is then one issue and not one for each branch.
 * A mapping with named properties takes no others unless its schema says so.
 */
export function strict(schema) {
  return shorten(JSON.parse(JSON.stringify(schema)));
}

function shorten(node) {
  if (node === null || typeof node !== 'object') return node;
  const { anyOf, ...rest } = node;
  for (const key of ['properties', 'patternProperties', '$defs']) {
    if (rest[key]) rest[key] = Object.fromEntries(Object.entries(rest[key]).map(([name, sub]) => [name, shorten(sub)]));
  }
  for (const key of ['items', 'additionalProperties']) if (rest[key]) rest[key] = shorten(rest[key]);
  for (const key of ['allOf', 'oneOf', 'prefixItems']) if (rest[key]) rest[key] = rest[key].map(shorten);
  if (rest.properties) rest.additionalProperties ??= false;
  return anyOf ? { ...rest, ...choice(anyOf.map(shorten)) } : rest;
}

function choice(branches) {
  if (branches.every((branch) => has(branch, 'type'))) return { type: typesOf(branches) };
  const constants = branches.filter((branch) => 'const' in branch && has(branch, 'const', 'type'));
  if (constants.length === 0) return { anyOf: branches };
  const values = { enum: constants.map((branch) => branch.const) };
  const others = branches.filter((branch) => !constants.includes(branch));
  return others.length === 0 ? values : { anyOf: [{ type: typesOf(constants), ...values }, ...others] };
}

function typesOf(branches) {
  const types = [...new Set(branches.flatMap((branch) => branch.type))];
  return types.length === 1 ? types[0] : types;
}

/** True when a schema has no other keywords. */
function has(branch, ...keywords) {
  const keys = Object.keys(branch);
  return keys.length > 0 && keys.every((key) => keywords.includes(key));
}
