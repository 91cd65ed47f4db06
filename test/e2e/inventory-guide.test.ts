import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDesk } from '../rig/cli.ts';

interface Block {
  kind: string;
  file: string;
  text: string;
}

/** The fenced blocks of the guide: files with their names, and what is typed with what is seen. */
function blocks(): Block[] {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/inventory.md'), 'utf8');
  return [...guide.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', file = '', text = '']) => ({
    kind,
    file,
    text,
  }));
}

/** Words of a command line, with single quotes. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');

test('the guide to inventories shows what is really seen', async () => {
  await using desk = await createDesk();
  const seen: string[] = [];
  const shown: string[] = [];
  for (const { kind, file, text } of blocks()) {
    if (kind !== 'console') {
      const path = desk.file(file, text);
      if (text.startsWith('#!')) chmodSync(path, 0o755);
      continue;
    }
    const [first = ''] = text.split('\n');
    const { stdout, stderr } = await desk.play(wordsOf(first.replace('$ play ', '')));
    seen.push(`${first}\n${stdout}${stderr}`);
    shown.push(text);
  }
  expect(seen.length).toBeGreaterThan(6);
  expect(shown).toEqual(seen);
});
