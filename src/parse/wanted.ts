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

/** What a limit of JSON Schema asks for, after `it …`; undefined for keywords that have no short words. */
export function boundWords(keyword: string, params: Readonly<Record<string, unknown>>): string | undefined {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}`;
    case 'exclusiveMaximum':
      return `must be less than ${limit}`;
    case 'minItems':
      return limit === '1' ? 'must not be empty' : `needs at least ${limit} entries`;
    case 'maxItems':
      return `takes at most ${limit} entries`;
    case 'minLength':
      return `needs at least ${limit} characters`;
    case 'maxLength':
      return `takes at most ${limit} characters`;
    case 'uniqueItems':
      return 'has the same entry twice';
    default:
      return undefined;
  }
}
