import { mapping } from '../fields.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const fromKv = defineFunction({
  name: 'from_kv',
  summary:
    'The names and values of lines such as `NAME=value` or `Name: value`, as a mapping of texts. Empty lines and those that begin with # are left out, quotes around a value go.',
  params: {
    text: { kind: 'text', about: 'the lines' },
    separator: {
      kind: 'text',
      about: 'what stands between a name and its value; without it, the first `=` or `:` of each line',
      optional: true,
    },
  },
  result: 'map',
  call: ({ text, separator }) =>
    mapping(
      text
        .split(/\r?\n/)
        .map((line, i) => ({ line: line.trim(), number: i + 1 }))
        .filter(({ line }) => line !== '' && !line.startsWith('#'))
        .map(({ line, number }) => pairIn(line, number, separator)),
    ),
  examples: [
    {
      args: ['ID=debian\nNAME="Debian GNU/Linux"\n# by hand\nURL=https://www.debian.org/\n'],
      result: { ID: 'debian', NAME: 'Debian GNU/Linux', URL: 'https://www.debian.org/' },
    },
    { args: ['Active: running\nMain PID: 7\n', ':'], result: { Active: 'running', 'Main PID': '7' } },
  ],
  alsoCalled: ['parse_kv', 'from_env', 'from_properties'],
});

function pairIn(line: string, number: number, separator: string | undefined): [string, string] {
  const at = separator === undefined ? line.search(/[=:]/) : line.indexOf(separator);
  if (at < 1) throw new FunctionError(`line ${number} has no ${separator ?? '= or :'} behind a name`);
  const value = line.slice(at + (separator?.length ?? 1)).trim();
  const [, , inside] = /^(["'])(.*)\1$/s.exec(value) ?? [];
  return [line.slice(0, at).trim(), inside ?? value];
}
