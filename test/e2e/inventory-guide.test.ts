import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAws } from '../aws/aws.ts';
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
  const shop = { Team: 'shop' };
  await using aws = await startAws({
    instances: [
      { id: 'i-0000000000000000a', name: 'web-1', tags: { ...shop, Role: 'web' }, publicIp: '203.0.113.10' },
      { id: 'i-0000000000000000b', name: 'db-1', tags: { ...shop, Role: 'db' }, region: 'us-east-1' },
      { id: 'mi-0000000000000000c', name: 'office', privateIp: '10.0.2.1' },
      { id: 'i-0000000000000000d', name: 'old', tags: shop, state: 'stopped' },
      { id: 'i-0000000000000000e', name: 'other', ping: 'ConnectionLost' },
    ],
  });
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
    const { stdout, stderr } = await desk.play(wordsOf(first.replace('$ play ', '')), { env: aws.env });
    seen.push(`${first}\n${stdout}${stderr}`);
    shown.push(text);
  }
  expect(seen.length).toBeGreaterThan(6);
  expect(shown).toEqual(seen);
});
