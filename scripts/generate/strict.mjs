/**
 * The JSON Schema of a module's parameters as plain data. TypeBox writes unions as `anyOf`; where JSON Schema has a shorter word
 * (`enum`, a list of types) it is used, because editors complete it better and a mistake is then one issue and not one for each branch.
 * A mapping with named properties takes no others unless its schema says so.
 */
export function strict(schema) {
  return shorten(JSON.parse(JSON.stringify(schema)));
}

function shorten(node) {
  if (Array.isArray(node)) return node.map(shorten);
  if (node === null || typeof node !== 'object') return node;
  const { anyOf, ...rest } = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, literal.has(key) ? value : shorten(value)]),
  );
  const closed =
    rest.properties && rest.type === 'object'
      ? { ...rest, additionalProperties: rest.additionalProperties ?? false }
      : rest;
  if (!anyOf) return closed;
  if (anyOf.every((branch) => only(branch, ['const', 'type']) && 'const' in branch)) {
    return { ...closed, enum: anyOf.map((branch) => branch.const) };
  }
  if (anyOf.every((branch) => only(branch, ['type'])))
    return { ...closed, type: [...new Set(anyOf.flatMap((branch) => branch.type))] };
  return { ...closed, anyOf };
}

/** Keywords that hold data and not a schema. */
const literal = new Set(['const', 'enum', 'default', 'examples', 'required']);

function only(branch, keys) {
  return Object.keys(branch).length > 0 && Object.keys(branch).every((key) => keys.includes(key));
}
