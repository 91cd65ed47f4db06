import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/*
 * Shell text of modules runs in the session's own shell: a variable or function of the session that it sets is another one afterwards.
 * Modules name theirs `play_MODULE_NAME`; a module is looked at as its golden file shows it, and in its source, where loops set names too.
 */
const sources = join(import.meta.dirname, '../../src');
const textsIn = (folder: string): [string, string][] =>
  readdirSync(join(sources, folder)).map((name) => [name, readFileSync(join(sources, folder, name), 'utf8')]);
const setIn = (text: string): string[] =>
  [...text.matchAll(/\b(play_\w+)(?:=|\(\))|\b(?:for|read(?: -r)?) (play_\w+)/g)].map(
    ([, set = '', looped]) => looped ?? set,
  );

const runtime = new Set(textsIn('program/runtime').flatMap(([, text]) => setIn(text)));
/** Given to the session on purpose: what `play_put` is told beside its arguments, which is the file that it takes and how it is checked. */
const given = new Set(['play_check', 'play_target', 'play_staged', 'play_temp', 'play_rest']);

test.each(['modules/host', 'modules/both', 'modules/shared', 'modules/facts'].flatMap(textsIn))(
  '%s sets no name of the session',
  (_, text) => {
    expect(setIn(text).filter((name) => runtime.has(name) && !given.has(name))).toEqual([]);
  },
);

test('the session has names', () => {
  expect(runtime.size).toBeGreaterThan(20);
});
