import { defineFunction, FunctionError } from '../function.ts';
import { itemText } from '../words.ts';

export const quote = defineFunction({
  name: 'quote',
  summary:
    'A text as one word for a POSIX shell, a list as several. In `shell` and `command` values are safe without it.',
  params: { value: { kind: ['text', 'list'], about: 'a text or a list of them' } },
  result: 'text',
  call: ({ value }) =>
    typeof value === 'string' ? quoted(value) : value.map((item) => quoted(itemText(item))).join(' '),
  examples: [
    { args: ["it's"], result: `'it'\\''s'` },
    { args: [['a b', 'c']], result: "'a b' c" },
    { args: [''], result: "''" },
  ],
  alsoCalled: ['shell_quote', 'shellquote', 'shlex_quote', 'shell_escape', 'squote', 'shquote'],
});

/** POSIX.1, "Quoting": within single quotes every character but the quote stands for itself. */
function quoted(text: string): string {
  if (text.includes('\0')) throw new FunctionError('it holds a NUL character, which no command can be given');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
