import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCode } from '../../../src/problems/exit-code.ts';
import { warningWords } from '../../../src/problems/words/warnings.ts';
import { readBook, readCase } from '../book.ts';

/*
 * Books without a mistake and with something that is probably not meant, and what their author sees; beside it in the same book stands
 * what is all right. `UPDATE_GOLDEN=1 npx vitest run test/analyze` writes the screens anew; read what changed.
 */
const folder = new URL('golden/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => name.slice(0, -'.yml'.length));

test.each(cases)('%s', async (name) => {
  const { files, options } = readCase(readFileSync(new URL(`${name}.yml`, folder), 'utf8'));
  const { screen, problems } = await readBook(files, { ...options, warns: true });
  const golden = new URL(`${name}.txt`, folder);
  if (process.env['UPDATE_GOLDEN'] || !existsSync(golden)) writeFileSync(golden, screen);
  expect(screen).toBe(readFileSync(golden, 'utf8'));
  expect(screen).not.toContain('error[');
  expect(exitCode(problems)).toBe(0);
});

test('every warning is shown by one of the cases', () => {
  const shown = cases.map((name) => readFileSync(new URL(`${name}.txt`, folder), 'utf8')).join('\n');
  expect(Object.keys(warningWords).filter((code) => !shown.includes(`[${code}]`))).toEqual([]);
});

test('no secret is shown by a warning about it', () => {
  const shown = cases.map((name) => readFileSync(new URL(`${name}.txt`, folder), 'utf8')).join('\n');
  expect(shown).not.toMatch(/geheim|hunter2|abc123|AKIA|ghp_/);
});
