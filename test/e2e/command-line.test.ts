import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtPlay } from '../rig/built.ts';
import { createDesk } from '../rig/cli.ts';

const book = `- hosts: localhost
  tasks:
    - name: many lines
      shell: seq 1 20000; echo begun >> log; sleep 0.3
    - name: last
      shell: echo done >> log
`;

describe('help', () => {
  test('of a playbook tells of the options of a run, of everything of the commands', async () => {
    await using desk = await createDesk({ 'site.yml': book });
    const [own, run, all] = await Promise.all(
      [['site.yml', '--help'], ['run', '--help'], ['--help']].map((args) => desk.play(args)),
    );
    expect(own?.stdout).toBe(run?.stdout);
    expect(own?.stdout).toMatch(
      /^Usage: play run \[options\] <playbook>$[\s\S]*--check +change nothing, say what would change$/m,
    );
    expect(own?.stdout).not.toContain('default: []');
    for (const command of ['run', 'check', 'inventory', 'lint', 'runs', 'show'])
      expect(all?.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });
});

describe('row 90: a reader that goes away', () => {
  test.each(['lines', 'json', 'live'])(
    'as in `play -o %s | head -n 1` ends neither the run nor its record',
    async (view) => {
      await using desk = await createDesk({ 'site.yml': book });
      const env = { ...process.env, HOME: desk.home, XDG_STATE_HOME: join(desk.dir, '../state') };
      const line = `${process.execPath} ${await builtPlay()} site.yml -v -o ${view} | head -n 1; echo "exit $PIPESTATUS"`;
      const child = spawn('bash', ['-c', line], { cwd: desk.dir, env, stdio: ['ignore', 'pipe', 'pipe'] });
      const said: Buffer[] = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
      await once(child, 'close');
      const lines = Buffer.concat(said).toString().trimEnd().split('\n');
      expect({ lines: lines.length, end: lines.at(-1) }).toEqual({ lines: 2, end: 'exit 0' });
      expect(readFileSync(join(desk.dir, 'log'), 'utf8')).toBe('begun\ndone\n');
      const { stdout } = await desk.play(['show']);
      expect(stdout).toMatch(/changed +many lines[\s\S]*changed +last[\s\S]*done · 1 host · 2 changed/);
    },
  );
});
