import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* Every playbook of docs/flow.md runs as it stands there, for real and in check mode. */
const guide = readFileSync(join(import.meta.dirname, '../../docs/flow.md'), 'utf8');
const blocks = [...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
const files = blocks.flatMap((text) => {
  const [, name] = /^# file: (\S+)\n/.exec(text) ?? [];
  return name === undefined ? [] : [{ name, text }];
});
const books = blocks.filter((text) => text.startsWith('- hosts'));

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('local');
  for (const { name, text } of files) stage.desk.file(name, text);
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('docs/flow.md', () => {
  test('has examples', () => {
    expect(books.length + files.length).toBe(blocks.length);
    expect(books.length).toBeGreaterThan(7);
  });

  test.for(books.map((book, i) => [i, book] as const))('playbook %i', async ([, book]) => {
    const checked = await stage.run(book, ['--check']);
    expect(checked.stderr).toBe('');
    expect(checked.exit).toBe(0);
    const story = await stage.run(book);
    expect(story.stdout).not.toContain('✖');
    expect(story.exit).toBe(0);
  });
});
