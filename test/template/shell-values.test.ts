import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/problems/problem.ts';
import { quote } from '../../src/program/sh.ts';
import { compileShell } from '../../src/template/shell/compile-shell.ts';
import { scopeOf } from '../expr/told.ts';

/** Every shell that may run author text, and how it prints a text as it is without starting a process. */
const shells: Record<string, { command: string[]; print: string }> = {
  dash: { command: ['dash'], print: 'printf %s "$1"' },
  bash: { command: ['bash', '--norc'], print: 'printf %s "$1"' },
  busybox: { command: ['busybox', 'sh'], print: 'printf %s "$1"' },
  mksh: { command: ['mksh'], print: 'print -rn -- "$1"' },
  zsh: { command: ['zsh', '-f'], print: 'print -rn -- "$1"' },
};

/** `$( )` takes trailing newlines away. */
const chomp = (value: string): string => value.replace(/\n+$/, '');

/** Shell text with `{{x}}` somewhere, and what it must print. `costly`: it starts a process, so fewer values are tried. */
const positions: { text: string; prints: (x: string) => string; costly?: boolean; not?: string[] }[] = [
  { text: 'out {{x}}', prints: (x) => x },
  { text: 'out "{{x}}"', prints: (x) => x },
  { text: "out '{{x}}'", prints: (x) => x },
  { text: 'out pre{{x}}post', prints: (x) => `pre${x}post` },
  { text: 'out "pre {{x}} post"', prints: (x) => `pre ${x} post` },
  { text: "out 'pre {{x}} post'", prints: (x) => `pre ${x} post` },
  { text: 'out "{{x}}{{x}}"', prints: (x) => x + x },
  { text: `out a"b"'c'{{x}}"d"`, prints: (x) => `abc${x}d` },
  { text: 'out "{{x}}[1]:h"', prints: (x) => `${x}[1]:h` },
  { text: 'y={{x}}; out "$y"', prints: (x) => x },
  { text: 'y="<{{x}}>" && out "$y"', prints: (x) => `<${x}>` },
  { text: 'export Y={{x}}; out "$Y"', prints: (x) => x },
  { text: 'out "${nope:-{{x}}}"', prints: (x) => x },
  { text: 'out ${nope:-{{x}}}', prints: (x) => x },
  { text: 'out "${nope-a{{x}}b}"', prints: (x) => `a${x}b` },
  { text: 'y={{x}}tail; out "${y#{{x}}}"', prints: () => 'tail' },
  { text: 'y=head{{x}}; out ${y%{{x}}}', prints: () => 'head' },
  { text: 'case {{x}} in {{x}}) out same ;; *) out other ;; esac', prints: () => 'same' },
  { text: 'case "{{x}}" in a) out no ;; (*) out "{{x}}" ;; esac', prints: (x) => (x === 'a' ? 'no' : x) },
  { text: 'if [ {{x}} = "{{x}}" ]; then out same; fi', prints: () => 'same' },
  { text: 'for i in {{x}} end; do out "$i|"; done', prints: (x) => `${x}|end|` },
  { text: 'f() { out "$1"; }; f {{x}}', prints: (x) => x },
  { text: '# {{x}}\nout ok # {{x}}\n', prints: () => 'ok' },
  { text: 'out a#{{x}}', prints: (x) => `a#${x}` },
  { text: 'out \\"{{x}}\\"', prints: (x) => `"${x}"` },
  { text: 'out \\\'"{{x}}"', prints: (x) => `'${x}` },
  { text: 'out {{#if y}}"{{x}}"{{else}}no{{/if}}', prints: (x) => x },
  { text: 'out "$(out {{x}})"', prints: chomp, costly: true },
  { text: 'out "$(out "{{x}}")"', prints: chomp, costly: true },
  { text: 'out "$(out \'a{{x}}b\')"', prints: (x) => `a${x}b`, costly: true },
  { text: 'out "$(case a in a) out {{x}} ;; esac)"', prints: chomp, costly: true },
  { text: 'out "`out {{x}}`"', prints: chomp, costly: true },
  { text: 'y=`out \'a{{x}}b\'`; out "$y"', prints: (x) => `a${x}b`, costly: true },
  { text: 'cat <<EOF\n{{x}}\nEOF', prints: (x) => `${x}\n`, costly: true },
  { text: 'cat <<-EOF\n\ta {{x}}\n\tEOF\n', prints: (x) => `a ${x}\n`, costly: true },
  { text: "cat <<'EOF'\n{{x}}\nEOF", prints: (x) => `${x}\n`, costly: true },
  { text: 'cat <<"EOF" && out {{x}}\na {{x}} b\nEOF', prints: (x) => `a ${x} b\n${x}`, costly: true },
  { text: 'cat <<A <<B\n{{x}}\nA\n{{x}} b\nB', prints: (x) => `${x} b\n`, costly: true, not: ['zsh'] },
  { text: 'out "$(cat <<EOF\n{{x}}\nEOF\n)"', prints: chomp, costly: true },
  { text: 'out "$(cat <<\'EOF\'\n{{x}}\nEOF\n)"', prints: chomp, costly: true },
  { text: "out $'a{{x}}b'", prints: (x) => `a${x}b`, not: ['dash'] },
  { text: 'if [[ {{x}} == {{x}} ]]; then out same; fi', prints: () => 'same', not: ['dash', 'busybox'] },
];

const hostile = [
  ...[
    '',
    ' ',
    '\n',
    '\n\n',
    '\t',
    '\r',
    "'",
    '"',
    '`',
    '\\',
    '$',
    '$x',
    '${x}',
    '$(touch pwned)',
    '`touch pwned`',
    '$((1))',
    '*',
    '?',
    '[a]',
  ],
  ...[
    '~',
    '-n',
    '--',
    '-e',
    '!',
    '#',
    ';',
    '&',
    '|',
    '<',
    '>',
    '(',
    ')',
    '{',
    '}',
    '%s',
    '\\n',
    '\\c',
    '=',
    '=ls',
    'EOF',
    '\nEOF\n',
    'A\n',
  ],
  ...[
    "'; touch pwned; '",
    '"; touch pwned; "',
    '\ntouch pwned\n',
    '}}',
    '{{x}}',
    'é',
    '日本',
    '😀',
    '\u2028',
    '\x1b[31m',
    '\x07',
    'a b',
    'EOF\ntouch pwned',
    'EOF$((1))',
    'EOF$(touch pwned))',
    '\nEOF)',
    'E\u0323',
  ],
];

const value = fc.oneof(
  fc.constantFrom(...hostile),
  fc
    .array(fc.oneof(fc.constantFrom(...hostile), fc.string({ maxLength: 4 })), { maxLength: 6 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'play-shell-values-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What each text prints, all in one process; a text that ends the shell shows as missing answers. */
async function printed(shell: string, programs: { text: string; assign: Record<string, string> }[]): Promise<string[]> {
  const end = '<end of a program>';
  const { command, print } = shells[shell] ?? { command: [], print: '' };
  const body = programs.map(({ text, assign }) => {
    const assignments = Object.entries(assign).map(([name, text]) => `${name}=${quote(text)}\n`);
    return `unset nope\n${assignments.join('')}${text}\nout '${end}'\n`;
  });
  const file = join(folder, `${shell}-${Math.random().toString(36).slice(2)}`);
  writeFileSync(file, `out() { ${print}; }\n${body.join('')}`);
  const [program = '', ...args] = command;
  const output = await new Promise<string>((resolve, reject) => {
    const options = { cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' }, maxBuffer: 1 << 26 };
    execFile(program, [...args, file], options, (error, stdout, stderr) => {
      if (stderr !== '') reject(new Error(stderr.slice(0, 400)));
      else if (error) reject(error);
      else resolve(stdout);
    });
  });
  return output.split(end).slice(0, -1);
}

/** So many sets of about 90 values; each value goes through every position. `PLAY_TEST_QUOTING_RUNS=60` is a million answers in all. */
const runs = Number(process.env['PLAY_TEST_QUOTING_RUNS'] ?? 3);

const compiled = positions.map((position) => {
  const { shell, problems } = compileShell(position.text, { file: 'x', start: 0, end: position.text.length });
  expect(problems).toEqual([]);
  if (!shell) throw new Error('not compiled');
  return { ...position, shell };
});

describe('a value in shell text', () => {
  it.concurrent.each(Object.keys(shells))(
    'is what %s sees, wherever it stands',
    { timeout: 60_000 * Math.ceil(runs / 4) },
    async (name) => {
      const here = compiled.filter((position) => !position.not?.includes(name));
      await fc.assert(
        fc.asyncProperty(fc.array(value, { minLength: 40, maxLength: 140 }), async (values) => {
          const programs: { text: string; assign: Record<string, string> }[] = [];
          const expected: string[] = [];
          for (const { text, shell, prints, costly } of here) {
            for (const x of costly ? values.slice(0, 25) : values) {
              try {
                programs.push(shell.render(scopeOf({ x, y: true })));
                expected.push(`${text} → ${prints(x)}`);
              } catch (error) {
                // Refused is only what would end a quoted here-document.
                if (!(error instanceof ProblemError)) throw error;
                expect(error.problems.map((problem) => problem.code)).toEqual(['E_SHELL_HEREDOC']);
                expect(x).toMatch(/^E|^$|EOF/m);
                expect(text).toMatch(/<<['"]EOF/);
              }
            }
          }
          const answers = await printed(name, programs);
          const texts = expected.map((one) => one.slice(0, one.indexOf(' → ')));
          expect(answers.map((answer, i) => `${texts[i]} → ${answer}`)).toEqual(expected);
        }),
        { numRuns: runs },
      );
      expect(existsSync(join(folder, 'pwned'))).toBe(false);
    },
  );
});
