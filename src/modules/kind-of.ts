/** The type of a parameter in few words: `text`s of JSON Schema as they are, choices as `quote` writes them, `list of string`. */
export function kindOf(schema: Record<string, unknown>, quote: (text: string) => string): string {
  const { enum: choices, anyOf, type, items } = schema;
  if (Array.isArray(choices)) return choices.map((each) => quote(String(each))).join(' or ');
  if ('const' in schema) return quote(String(schema['const']));
  if (Array.isArray(anyOf)) return [...new Set(anyOf.map((each) => kindOf(each, quote)))].join(' or ');
  if (type === 'array') {
    const inner = typeof items === 'object' && items !== null ? kindOf({ ...items }, quote) : 'anything';
    return inner === 'anything' ? 'list' : `list of ${inner}`;
  }
  if (type === 'object') return 'mapping';
  return [type ?? 'anything'].flat().join(' or ');
}
