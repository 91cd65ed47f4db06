const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'empty',
};

/** JSON Schema's types in words: `text, a list or true or false`. */
export function wantedWords(types: readonly string[]): string {
  const words = [...new Set(types.map((type) => WORDS[type] ?? type))];
  const last = words.pop() ?? 'something else';
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`;
}
