/** How much one file may hold; anything larger is refused before it costs time or memory. */
export const LIMITS = {
  bytes: 4 * 1_048_576,
  /** Scalars, lists and mappings; a value that is used through an alias counts each time. */
  values: 200_000,
  /** Characters of a key, as YAML has it for keys without `?`. */
  key: 1_024,
  depth: 64,
  lines: 250_000,
  /** Words, marks, comments and line breaks, as the lexer counts them. */
  signs: 750_000,
};
