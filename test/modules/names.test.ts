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
const variables = /\b(play_\w+)=|\b(?:for|read(?: -r)?) (play_\w+)/g;
const functions = /\b(play_\w+)\(\)/g;
const namesIn = (text: string, form: RegExp): string[] =>
  [...text.matchAll(form)].map(([, set, looped]) => set ?? looped ?? '');

const runtime = textsIn('program/runtime')
  .map(([, text]) => text)
  .join('\n');
const taken = [variables, functions].map((form) => ({ form, names: new Set(namesIn(runtime, form)) }));
/**
 * Set on purpose: what `play_put` is told beside its arguments (the text or file that it takes, how it is checked, the number of the temp file),
 * and `play_s` and `play_x`, which whoever reads them has set just before.
 */
const given = new Set([
  'play_b',
  'play_check',
  'play_n',
  'play_rest',
  'play_s',
  'play_staged',
  'play_target',
  'play_temp',
  'play_x',
]);

test.each(['modules/host', 'modules/both', 'modules/shared', 'modules/facts'].flatMap(textsIn))(
  '%s sets no name of the session',
  (_, text) => {
    for (const { form, names } of taken)
      expect(namesIn(text, form).filter((name) => names.has(name) && !given.has(name))).toEqual([]);
  },
);

test('the session has names', () => {
  for (const { names } of taken) expect(names.size).toBeGreaterThan(20);
});
