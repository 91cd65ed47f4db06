import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtPlay } from '../rig/built.ts';
import { createDesk } from '../rig/cli.ts';

/** A command of the guide and what stands below it; `…` is any text, alone on a line any lines. */
function commands(guide: string): { command: string; expected: string[] }[] {
  const found: { command: string; expected: string[] }[] = [];
  for (const [, block = ''] of guide.matchAll(/^```console\n([\s\S]*?)^```/gm)) {
    for (const line of block.trimEnd().split('\n')) {
      if (line.startsWith('$ ')) found.push({ command: line.slice(2), expected: [] });
      else found.at(-1)?.expected.push(line);
    }
  }
  return found;
}

function pattern(expected: readonly string[]): RegExp {
  const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = expected.map((line) => (line === '…' ? '(?:.*\\n)*?' : `${line.split('…').map(quote).join('.*')}\\n`));
  return new RegExp(`^${lines.join('')}$`);
}

test('the guide to secrets does what it says', async () => {
  await using desk = await createDesk();
  const bin = join(desk.dir, '..', 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'play'), `#!/bin/sh\nexec "${process.execPath}" "${await builtPlay()}" "$@"\n`, {
    mode: 0o755,
  });
  const env = {
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: desk.home,
    XDG_STATE_HOME: join(desk.home, 'state'),
    LANG: 'C.UTF-8',
  };
  const all = commands(readFileSync(new URL('../../docs/secrets.md', import.meta.url), 'utf8'));
  expect(all.length).toBeGreaterThan(10);
  for (const { command, expected } of all) {
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], { cwd: desk.dir, env, encoding: 'utf8' });
    expect(status, `${command}\n${stdout}${stderr}`).toBe(0);
    if (expected.length > 0) expect(stdout || stderr, command).toMatch(pattern(expected));
    expect(stdout + stderr, command).not.toMatch(/correct-horse|CORRECT-HORSE/);
  }
}, 60_000);
