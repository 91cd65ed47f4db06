import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCode } from '../../src/problems/exit-code.ts';
import { readBook, readCase } from './book.ts';

/*
 * One book with mistakes a file, further files of it below `### NAME`, and beside it the whole screen that its author sees.
 * `UPDATE_GOLDEN=1 npx vitest run test/analyze` writes the screens anew; read what changed.
 */
const folder = new URL('golden/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => name.slice(0, -'.yml'.length));

test.each(cases)('%s', async (name) => {
  const { files, options } = readCase(readFileSync(new URL(`${name}.yml`, folder), 'utf8'));
  const { screen, problems } = await readBook(files, options);
  const golden = new URL(`${name}.txt`, folder);
  if (process.env['UPDATE_GOLDEN'] || !existsSync(golden)) writeFileSync(golden, screen);
  expect(screen).toBe(readFileSync(golden, 'utf8'));
  expect(exitCode(problems)).toBe(2);
});
