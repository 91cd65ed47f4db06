import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCode } from '../../src/problems/exit-code.ts';
import { printProblems } from '../../src/problems/frame.ts';
import { words } from '../../src/problems/words/index.ts';
import { playbookWords } from '../../src/problems/words/playbook.ts';
import { yamlWords } from '../../src/problems/words/yaml.ts';
import { parse } from '../parse/toy-modules.ts';

/*
 * One bad playbook a file, and beside it the whole screen that its author sees.
 * `UPDATE_GOLDEN=1 npx vitest run test/problems` writes the screens anew; read what changed.
 */
const folder = new URL('golden/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => name.slice(0, -'.yml'.length));

async function screen(text: string): Promise<{ shown: string; codes: string[]; exit: number }> {
  const { problems, sources, codes } = await parse(text);
  return { shown: printProblems(problems, { sources, width: 100, color: false }), codes, exit: exitCode(problems) };
}

test.each(cases)('%s', async (name) => {
  const expected = new URL(`${name}.txt`, folder);
  const { shown, exit } = await screen(readFileSync(new URL(`${name}.yml`, folder), 'utf8'));
  if (process.env['UPDATE_GOLDEN'] || !existsSync(expected)) writeFileSync(expected, shown);
  expect(shown).toBe(readFileSync(expected, 'utf8'));
  expect(exit).toBe(2);
});

test('every mistake that parsing can find is shown by one of the cases', async () => {
  const shown = cases.map((name) => readFileSync(new URL(`${name}.txt`, folder), 'utf8')).join('\n');
  const made = { ...generated() };
  const codes = [...Object.keys(yamlWords), ...Object.keys(playbookWords)];
  const missing: string[] = [];
  for (const code of codes) {
    if (shown.includes(`[${code}]`)) continue;
    const text = made[code];
    if (text === undefined || !(await screen(text)).codes.includes(code)) missing.push(code);
  }
  expect(missing).toEqual([]);
  expect(codes.filter((code) => !(code in words))).toEqual([]);
});

/** Mistakes that do not live well in a text file of the project. */
function generated(): Record<string, string> {
  return {
    E_YAML_TOO_BIG: '['.repeat(100_000),
    E_YAML_CONTROL: 'name: \u0007\n',
    E_YAML_ENCODING: 'name: caf\ufffd\n',
  };
}
