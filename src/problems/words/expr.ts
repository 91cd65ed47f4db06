import { didYouMean, words } from './entry.ts';

/** Where a name was read: each has its own form of a default. */
type Where = 'text' | 'expression';

function withDefault(where: Where, name: string): string {
  return `a default: ${where === 'text' ? `{{default ${name} "value"}}` : `vars.?${name}.orValue("value")`}`;
}

/** Mistakes in templates, conditions and shell text. Exit 2: they are mistakes of the playbook, wherever they show. */
export const exprWords = {
  E_NAME_UNDEFINED: words<{ name: string; similar?: string | undefined; advice?: string | undefined; in: Where }>({
    exit: 2,
    say: (f) => `"${f.name}" is not defined`,
    hint: (f) =>
      f.advice ?? didYouMean(f.similar) ?? `define it in vars or the inventory, or give ${withDefault(f.in, f.name)}`,
  }),
  E_FIELD_MISSING: words<{ path: string; field: string; similar?: string | undefined; fields?: string[] | undefined }>({
    exit: 2,
    say: (f) => (/^\d+$/.test(f.field) ? `${f.path} has no item ${f.field}` : `${f.path} has no "${f.field}"`),
    hint: (f) =>
      didYouMean(f.similar) ??
      (f.fields === undefined ? undefined : f.fields.length > 0 ? `it has ${f.fields.join(', ')}` : 'it is empty'),
  }),
  E_VALUE_NULL: words<{ path: string; field?: string | undefined; in: Where }>({
    exit: 2,
    say: (f) => (f.field === undefined ? `${f.path} is null` : `${f.path} is null and has no "${f.field}"`),
    hint: (f) =>
      f.in === 'text'
        ? `give it a value, or ${withDefault(f.in, f.path)}`
        : 'give it a value, or ask first: … != null && …',
  }),

  E_EXPR_SYNTAX: words<{ detail: string; advice?: string | undefined }>({
    exit: 2,
    say: (f) => `this is not an expression: ${f.detail}`,
    hint: (f) => f.advice,
  }),
  E_EXPR_JINJA: words<{ rewritten: string }>({
    exit: 2,
    say: () => 'this is written as in Jinja; expressions are CEL here',
    hint: (f) => `write: ${f.rewritten}`,
  }),
  E_EXPR_BRACES: words<{ rewritten: string }>({
    exit: 2,
    say: () => 'this is an expression already, braces do not belong in it',
    hint: (f) => `write: ${f.rewritten}`,
  }),
  E_EXPR_RESERVED: words<{ name: string }>({
    exit: 2,
    say: (f) => `"${f.name}" has a meaning of its own in expressions and does not name the variable`,
    hint: (f) => `for the variable, write: vars.${f.name}`,
  }),
  E_EXPR_TYPE: words<{ detail: string; advice?: string | undefined }>({
    exit: 2,
    say: (f) => f.detail,
    hint: (f) => f.advice,
  }),
  E_EXPR_FUNCTION: words<{ name: string; similar?: string | undefined; instead?: string | undefined }>({
    exit: 2,
    say: (f) =>
      f.instead === undefined ? `there is no function "${f.name}"` : `"${f.name}" cannot be used in an expression`,
    hint: (f) =>
      f.instead === undefined
        ? (didYouMean(f.similar) ?? 'docs/functions.md lists the functions')
        : `write: ${f.instead}`,
  }),
  E_PARSE_PATTERN: words<{ detail: string }>({
    exit: 2,
    say: (f) => `the pattern of "parse" cannot be used: ${f.detail}`,
  }),
  E_EXPR_REGEX: words<{ detail: string }>({
    exit: 2,
    say: (f) => `this is not a regular expression: ${f.detail}`,
    hint: () => 'patterns are RE2: no lookahead, no backreferences',
  }),
  E_EXPR_NOT_BOOL: words<{ type: string; advice?: string | undefined }>({
    exit: 2,
    say: (f) => `a condition is true or false, this is ${f.type}`,
    hint: (f) => f.advice,
  }),
  E_EXPR_FAILED: words<{
    detail: string;
    advice?: string | undefined;
    /** It fails with all values of these kinds. */
    isOfTypes?: boolean;
  }>({
    exit: 2,
    say: (f) => `the expression cannot be evaluated: ${f.detail}`,
    hint: (f) => f.advice,
  }),

  E_TEXT_SYNTAX: words<{ detail: string; advice?: string | undefined }>({
    exit: 2,
    say: (f) => f.detail,
    hint: (f) => f.advice,
  }),
  E_TEXT_UNCLOSED: words<{ what: string; close: string }>({
    exit: 2,
    say: (f) => `${f.what} is never closed`,
    hint: (f) => `close it with ${f.close}, or write \\{{ for braces that are only text`,
  }),
  E_TEXT_CLOSE: words<{ found: string; expected?: string | undefined }>({
    exit: 2,
    say: (f) =>
      f.expected === undefined
        ? `${f.found} closes nothing`
        : `${f.found} stands where ${f.expected} has to come first`,
  }),
  E_TEXT_JINJA: words<{ rewritten?: string | undefined }>({
    exit: 2,
    say: () => 'this is written as in Jinja; text is Handlebars here, and {{= }} holds an expression',
    hint: (f) => (f.rewritten === undefined ? 'see the helpers and functions in the guide' : `write: ${f.rewritten}`),
  }),
  E_TEXT_EXPRESSION: words<{ rewritten: string }>({
    exit: 2,
    say: () => 'an expression in text needs = after the braces',
    hint: (f) => `write: ${f.rewritten}`,
  }),
  E_TEXT_GO: words<{ found: string }>({
    exit: 2,
    say: (f) => `${f.found} looks like a Go template`,
    hint: (f) => `for braces that are only text, write: \\${f.found}`,
  }),
  E_TEXT_HELPER: words<{ name: string; similar?: string | undefined; known?: string[] }>({
    exit: 2,
    say: (f) => (f.known ? `there is no block "${f.name}"` : `there is no function "${f.name}"`),
    hint: (f) =>
      didYouMean(f.similar) ?? (f.known ? `there are ${f.known.join(', ')}` : 'docs/functions.md lists the functions'),
  }),
  E_TEXT_HELPER_ARGS: words<{ name: string; detail: string; example?: string | undefined }>({
    exit: 2,
    say: (f) => `${f.name}: ${f.detail}`,
    hint: (f) => f.example && `write for example: ${f.example}`,
  }),
  E_TEXT_UNSUPPORTED: words<{ what: string; advice: string }>({
    exit: 2,
    say: (f) => `${f.what} cannot be used here`,
    hint: (f) => f.advice,
  }),
  E_TEXT_NOT_TEXT: words<{ path: string; kind: 'a mapping' | 'a list' }>({
    exit: 2,
    say: (f) => `${f.path} is ${f.kind} and cannot stand in text`,
    hint: (f) =>
      f.kind === 'a list'
        ? 'use {{join LIST ", "}}, {{json LIST}} or {{#each LIST}}'
        : 'name one of its fields, or use {{json NAME}}',
  }),
  E_OMIT_PLACE: words<object>({
    exit: 2,
    say: () => '"omit" leaves a whole value out, and cannot stand here',
    hint: () => "let it be all that a parameter, a key or an item is: owner: '{{default owner omit}}'",
  }),
  E_TEXT_EACH: words<{ path: string; kind: string }>({
    exit: 2,
    say: (f) => `{{#each}} goes over a list or a mapping; ${f.path} is ${f.kind}`,
  }),
  E_TEXT_THIS: words<{ name: string }>({
    exit: 2,
    say: (f) => `${f.name} has a meaning only inside {{#each}}`,
    hint: (f) =>
      f.name === '../'
        ? 'every name can be seen inside blocks: leave ../ out'
        : `in a loop of tasks, the ${f.name === 'this' ? 'item is {{item}}' : 'number of the item is {{index}}'}`,
  }),

  E_SHELL_WHOLE: words<{ name: string }>({
    exit: 2,
    say: () => 'a value in shell text is one word, so it cannot be the whole command',
    hint: (f) => `use command with argv, or {{{${f.name}}}} if the value is shell text that you trust`,
  }),
  E_SHELL_MAP: words<{ path: string; kind: string }>({
    exit: 2,
    say: (f) => `${f.path} is ${f.kind} and cannot be a word of a command`,
    hint: () => 'name one of its parts, or use {{json NAME}}',
  }),
  E_SHELL_LIST: words<{ path: string; where: string }>({
    exit: 2,
    say: (f) => `${f.path} is a list: it gives one word per item and cannot stand ${f.where}`,
    hint: () => 'let it stand alone between spaces, or use {{join LIST " "}}',
  }),
  E_SHELL_INTEGER: words<{ path: string; where: string }>({
    exit: 2,
    say: (f) => `${f.path} stands in ${f.where} and is not a whole number`,
    hint: () => 'the shell would evaluate any other text there as code',
  }),
  E_SHELL_HEREDOC: words<{ path: string; delimiter: string }>({
    exit: 2,
    say: (f) => `${f.path} cannot stand in this here-document: it holds a line that is, or begins like, ${f.delimiter}`,
    hint: () => 'use another delimiter, or an unquoted one, where values are passed as variables',
  }),
  E_SHELL_PLACE: words<{ path: string; where: string; advice: string }>({
    exit: 2,
    say: (f) => `${f.path} cannot stand ${f.where}`,
    hint: (f) => f.advice,
  }),
  E_SQL_PLACE: words<{ path: string; where: string; advice: string }>({
    exit: 2,
    say: (f) => `${f.path} cannot stand ${f.where}`,
    hint: (f) => f.advice,
  }),
  E_SHELL_NUL: words<{ path: string }>({
    exit: 2,
    say: (f) => `${f.path} holds a NUL character, which no command can be given`,
  }),
  E_SHELL_EXECUTABLE: words<{ executable: string }>({
    exit: 2,
    say: (f) => `values cannot be put into text that ${f.executable} reads`,
    hint: () => 'pass them in env: and read them there',
  }),
  E_WORDS_QUOTE: words<{ quote: string }>({
    exit: 2,
    say: (f) => `this ${f.quote} is never closed`,
    hint: () => 'command splits its text into words as a shell does; use argv for words as they are',
  }),
  E_WORDS_EMPTY: words<Record<string, never>>({
    exit: 2,
    say: () => 'there is no command',
  }),
};
