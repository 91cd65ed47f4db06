import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { quote } from '../../src/program/sh.ts';
import { startAws } from '../aws/aws.ts';
import { builtPlay } from '../rig/built.ts';
import { createDesk } from '../rig/cli.ts';

const id = 'i-00000000000000001';
const values = {
  '/password': `it's "$NO_NAME" and %s`,
  '/key': 'first line of a key\nsecond line of a key\n',
  'shop/db': '{"user":"shop-admin","password":"correct-horse"}',
};

beforeAll(async () => {
  await builtPlay();
}, 120_000);

/** A program that answers as the AWS command line tool of the instance does. */
function withTool(root: string): void {
  const cases = Object.entries(values).map(([name, value]) => `*" ${name} "*) printf '%s\\n' ${quote(value)} ;;`);
  mkdirSync(`${root}/usr/local/bin`, { recursive: true });
  const text = `#!/bin/sh\ncase "$*" in\n${cases.join('\n')}\n*) exit 254 ;;\nesac\n`;
  writeFileSync(`${root}/usr/local/bin/aws`, text, { mode: 0o755 });
}

it('values of AWS reach an instance that reads them by itself, and stand in no command', async () => {
  await using aws = await startAws({
    instances: [{ id }],
    parameters: { '/password': { value: values['/password'], type: 'SecureString' }, '/key': values['/key'] },
    secrets: { 'shop/db': values['shop/db'] },
  });
  await using desk = await createDesk({
    'hosts.yml': `all: { vars: { ansible_connection: ssm }, hosts: { ${id}: {} } }\n`,
    'site.yml': `- hosts: all
  tasks:
    - shell: printf '%s' {{ssm "/password"}} > /etc/password
    - copy: { dest: /etc/key, content: '{{ssm "/key"}}', mode: '0600' }
    - copy: { dest: /etc/db.json, content: '{{secret "shop/db"}}' }
`,
  });
  const root = await aws.root(id);
  withTool(root);
  const first = await desk.play(['site.yml', '-i', 'hosts.yml', '-v', '-o', 'lines'], { env: aws.env });
  expect(first).toMatchObject({ exit: 0, stderr: '' });
  expect(readFileSync(`${root}/etc/password`, 'utf8')).toBe(values['/password']);
  expect(readFileSync(`${root}/etc/key`, 'utf8')).toBe(values['/key']);
  expect(readFileSync(`${root}/etc/db.json`, 'utf8')).toBe(values['shop/db']);
  const again = await desk.play(['site.yml', '-i', 'hosts.yml', '-v', '-o', 'lines'], { env: aws.env });
  expect(again.stdout).toContain('ok       copy /etc/key');
  const told = first.stdout + again.stdout + JSON.stringify(aws.calls);
  for (const secret of ['$NO_NAME', 'line of a key', 'shop-admin', 'correct-horse']) expect(told).not.toContain(secret);
});
