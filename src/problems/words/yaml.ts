import { words } from './entry.ts';

const limits = {
  bytes: (limit: number) => `this file is larger than ${limit / 1_048_576} MiB`,
  values: (limit: number) => `this file holds more than ${limit} values, aliases counted each time they are used`,
  lines: (limit: number) => `this file has more than ${limit} lines`,
  signs: (limit: number) => `this file holds more than ${limit} words, marks and line breaks`,
  depth: (limit: number) => `this is nested more than ${limit} levels deep`,
};

/** Mistakes in the YAML itself. */
export const yamlWords = {
  /** `vague`: the detail alone does not say what to do. */
  E_YAML_SYNTAX: words<{ detail: string; vague?: boolean }>({
    exit: 2,
    say: (f) => `this is not valid YAML: ${f.detail}`,
    hint: (f) =>
      f.vague
        ? 'look at the marked place and at the line before it: indentation, a missing quote, bracket or colon'
        : undefined,
  }),
  E_YAML_TAB: words<object>({
    exit: 2,
    say: () => 'a tab is used for indentation; YAML allows only spaces there',
    hint: () => 'replace the tab with two spaces for each level, here and in the rest of the file',
  }),
  E_YAML_INDENT: words<{ detail?: string }>({
    exit: 2,
    say: (f) => f.detail ?? 'this line is not indented like the lines it belongs with',
    hint: () => 'keys of one mapping start in the same column, and so do the "-" of one list',
  }),
  E_YAML_COLON: words<{ fixed?: string }>({
    exit: 2,
    say: () => 'a value without quotes cannot hold ": "',
    hint: (f) => (f.fixed ? `put the value in quotes: ${f.fixed}` : 'put the whole value in quotes'),
  }),
  E_YAML_VALUE_AND_KEYS: words<{ key?: string }>({
    exit: 2,
    say: (f) =>
      f.key === undefined
        ? 'this key has a value and, on the next line, keys of its own'
        : `"${f.key}" has a value and, on the next line, keys of its own`,
    hint: (f) =>
      `if the next line belongs to the same mapping, start it in the same column as ${f.key === undefined ? 'the key' : `"${f.key}"`}; if it is the value, write nothing after the colon`,
  }),
  E_YAML_NO_COLON: words<{ text: string; fixed?: string }>({
    exit: 2,
    say: (f) => `expected "key: value" here, found "${f.text}"`,
    hint: (f) =>
      f.fixed
        ? `a colon needs a space after it: ${f.fixed}`
        : 'put a colon and a space after the key, or indent the line if it continues the value above',
  }),
  E_YAML_DASH: words<{ detail: string }>({
    exit: 2,
    say: (f) => f.detail,
    hint: () => 'start the list on the line after the key, one "- " for each item, all in the same column',
  }),
  E_YAML_QUOTE_OPEN: words<{ quote: string }>({
    exit: 2,
    say: (f) => `a ${f.quote} is opened here and never closed`,
    hint: (f) =>
      f.quote === "'"
        ? "close it on the same line; inside '…' a quote is written twice: 'it''s'"
        : 'close it on the same line; inside "…" a quote is written \\"',
  }),
  E_YAML_AFTER_QUOTE: words<{ fixed?: string; quote: string }>({
    exit: 2,
    say: () => 'there is text after the closing quote',
    hint: (f) =>
      f.fixed
        ? `quote the whole value: ${f.fixed}`
        : f.quote === "'"
          ? "quote the whole value; inside '…' a quote is written twice: 'it''s'"
          : 'quote the whole value; inside "…" a quote is written \\"',
  }),
  E_YAML_BRACKET: words<{ bracket: string }>({
    exit: 2,
    say: (f) => `a ${f.bracket} is opened here and never closed`,
    hint: (f) => `close it with ${f.bracket === '{' ? '}' : ']'}; lines inside it must be indented with spaces`,
  }),
  E_YAML_RESERVED: words<{ char: string; fixed?: string }>({
    exit: 2,
    say: (f) => `a value without quotes cannot begin with ${f.char}`,
    hint: (f) => (f.fixed ? `put the value in quotes: ${f.fixed}` : 'put the value in quotes'),
  }),
  E_YAML_ESCAPE: words<{ escape: string }>({
    exit: 2,
    say: (f) => `${f.escape} means nothing inside "…"`,
    hint: () => "use '…', where a backslash is only a backslash, or write the backslash twice",
  }),
  E_YAML_TAG: words<{ tag: string }>({
    exit: 2,
    say: (f) => `the tag ${f.tag} is not known`,
    hint: (f) =>
      f.tag.startsWith('!vault')
        ? 'values encrypted by Ansible cannot be read; decrypt them first and keep them out of this file'
        : 'if the value is text that begins with "!", put it in quotes; otherwise take the tag away',
  }),
  E_YAML_BRACES: words<{ fixed?: string }>({
    exit: 2,
    say: () => 'a value that begins with {{ needs quotes, because { opens a mapping in YAML',
    hint: (f) => (f.fixed ? `write: ${f.fixed}` : 'put the whole value in quotes'),
  }),
  E_YAML_ALIAS: words<{ name: string; similar?: string; fixed?: string }>({
    exit: 2,
    say: (f) => `*${f.name} refers to an anchor &${f.name} that is not defined above`,
    hint: (f) =>
      f.similar !== undefined
        ? `did you mean "*${f.similar}"?`
        : f.fixed
          ? `if it is text, put it in quotes: ${f.fixed}`
          : 'define the anchor earlier in the file, or put the value in quotes if it is text',
  }),
  E_YAML_CYCLE: words<{ name: string }>({
    exit: 2,
    say: (f) => `*${f.name} is used inside &${f.name} itself, so the value would never end`,
    hint: () => 'move the shared part into an anchor of its own and refer to that one',
  }),
  E_YAML_DUPLICATE_KEY: words<{ key: string }>({
    exit: 2,
    say: (f) => `"${f.key}" is given twice in the same mapping`,
    hint: () => 'keep one of them; if they belong to two list items, the second needs its own "-"',
  }),
  E_YAML_KEY: words<{ detail: string }>({
    exit: 2,
    say: (f) => f.detail,
    hint: () => 'a key is a word or a text in quotes',
  }),
  E_YAML_MERGE: words<object>({
    exit: 2,
    say: () => '<< takes a mapping, or a list of mappings',
    hint: () => 'write "<<: *name" where &name marks a mapping above',
  }),
  E_YAML_TAG_VALUE: words<{ text: string; tag: string }>({
    exit: 2,
    say: (f) => `"${f.text}" is not a value of ${f.tag}`,
    hint: () => 'take the tag away, or correct the value',
  }),
  E_YAML_DIRECTIVE: words<{ directive: string }>({
    exit: 2,
    say: (f) => `the directive ${f.directive} is not accepted: it would change what the rest of the file means`,
    hint: () => 'delete the line; files are always read as YAML 1.2',
  }),
  E_YAML_DOCUMENTS: words<object>({
    exit: 2,
    say: () => 'a second document begins here; a file holds one',
    hint: () => 'delete the "---", or move what follows into a file of its own',
  }),
  E_YAML_CONTROL: words<{ char: string }>({
    exit: 2,
    say: (f) => `there is a control character here (${f.char})`,
    hint: (f) =>
      f.char === 'U+0000'
        ? 'save the file as UTF-8; if the character is wanted, write it as an escape inside "…"'
        : 'delete it; if it is wanted, write it as an escape inside "…", such as "\\e" or "\\r"',
  }),
  E_YAML_ENCODING: words<object>({
    exit: 2,
    say: () => 'there is a byte here that is not UTF-8',
    hint: () => 'save the file as UTF-8',
  }),
  E_YAML_TOO_BIG: words<{ what: keyof typeof limits; limit: number }>({
    exit: 2,
    say: (f) => limits[f.what](f.limit),
    hint: (f) =>
      f.what === 'depth'
        ? 'check for brackets that are never closed; a playbook needs far fewer levels'
        : 'split it into several files',
  }),
};
