/** One `{{…}}` as it stands in the source. Offsets are UTF-16. */
export interface Tag {
  start: number;
  end: number;
  /** `{{{…}}}`: the value goes into shell text as it is. */
  raw: boolean;
  /** `~` next to the braces: white space on that side goes away. */
  trimLeft: boolean;
  trimRight: boolean;
  /** What kind: `''` a value, `#` opens a block, `/` closes one, `else`, `^`, `!` a comment, `>` `*` `&` what is not supported. */
  sigil: string;
  /** The word after `#` or `else` when `=` follows: `if` in `{{#if= …}}`; `''` for `{{= …}}`; undefined for plain Handlebars. */
  expressionOf?: string;
  /** What stands inside, sigil and `=` excluded. */
  body: string;
  bodyStart: number;
}
