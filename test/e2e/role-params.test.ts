import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { play } from '../rig/cli.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'play-role-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A playbook that uses the role `app` as told, and shows what the role sees. */
async function use(given: string, ...args: string[]): ReturnType<typeof play> {
  const files = {
    'site.yml': `- hosts: localhost\n  vars: { text: many, number: 8 }\n  tasks:\n    - role: app\n      with: ${given}\n`,
    'roles/app/role.yml': 'params:\n  port: { type: int, required: true }\n  wait: { type: duration, default: 10m }\n',
    'roles/app/tasks/main.yml': '- debug: "port {{port}} wait {{wait}}"\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return play(['site.yml', '-v', ...args], { cwd: dir });
}

test('a role gets what its caller gives, in the declared types, and defaults for the rest', async () => {
  expect((await use('{ port: "{{number}}" }')).stdout).toContain('port 8 wait 600');
  expect((await use('{ port: 80, wait: 2m }')).stdout).toContain('port 80 wait 120');
});

test('a value that is filled in and does not fit fails before the role does anything', async () => {
  const { exit, stdout } = await use('{ port: "{{text}}" }');
  expect(exit).not.toBe(0);
  expect(stdout).toContain('the parameter "port" must be a whole number, not the text "many"');
  expect(stdout).not.toContain('wait 600');
});

test('a value as it stands is refused before the run', async () => {
  const { exit, stderr } = await use('{ port: many }');
  expect(exit).toBe(2);
  expect(stderr).toContain('error[E_PARAM_GIVEN]');
});
