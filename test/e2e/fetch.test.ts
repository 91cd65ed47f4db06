import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* Files that come from hosts behind a real sshd. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('ssh', 2);
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

const place = (host: string): string => join(stage.rig?.accounts['app']?.home ?? '', 'places', host);
const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('fetch', () => {
  const book = "- hosts: all\n  tasks: [{ fetch: { src: '{{place}}/log', dest: logs }, register: got }]\n";

  test('brings a file of every host, once, and nothing in check mode', async () => {
    writeFileSync(join(place('web1'), 'log'), 'one\n');
    writeFileSync(join(place('web2'), 'log'), 'two\n');
    const check = await stage.run(book, ['--check']);
    expect(check.did('web1').join()).toMatch(/^would-change fetch/);
    expect(existsSync(join(stage.desk.dir, 'logs'))).toBe(false);
    const first = await stage.run(book);
    expect(first.exit, first.stdout).toBe(0);
    expect(readFileSync(join(stage.desk.dir, 'logs/web1', place('web1'), 'log'), 'utf8')).toBe('one\n');
    expect(readFileSync(join(stage.desk.dir, 'logs/web2', place('web2'), 'log'), 'utf8')).toBe('two\n');
    expect((await stage.run(book)).did('web2').join()).toMatch(/^ok fetch/);
  });

  test('keeps every byte of a large file, and leaves no part of one behind', async () => {
    const bytes = Buffer.concat([randomBytes(9_000_000), Buffer.from('\u001e\0\r\n')]);
    writeFileSync(join(place('web1'), 'log'), bytes);
    const { exit } = await stage.run(
      "- hosts: web1\n  tasks: [{ fetch: { src: '{{place}}/log', dest: 'one/{{host.name}}', flat: true } }]\n",
    );
    expect(exit).toBe(0);
    expect(sum(readFileSync(join(stage.desk.dir, 'one/web1')))).toBe(sum(bytes));
    expect(readdirSync(join(stage.desk.dir, 'one'))).toEqual(['web1']);
  });

  test('says what is wrong: no such file, a folder, a file of somebody else; become reads that', async () => {
    const path = join(place('web1'), 'secret');
    writeFileSync(path, 'hidden\n');
    await chown(path, 0, 0);
    chmodSync(path, 0o600);
    const { exit, stdout } = await stage.run(`
- hosts: web1
  tasks:
    - fetch: { src: '{{place}}/nothing', dest: x, fail_on_missing: false }
    - fetch: { src: '{{place}}/nothing', dest: x }
      ignore_errors: true
    - fetch: { src: '{{place}}', dest: x }
      ignore_errors: true
    - fetch: { src: '{{place}}/secret', dest: x }
      ignore_errors: true
    - fetch: { src: '{{place}}/secret', dest: secret, flat: true }
      become: true
`);
    expect(exit).toBe(0);
    expect(stdout).toContain('nothing is not there');
    expect(stdout).toContain('is a directory; fetch takes single files');
    expect(stdout).toContain('cannot be read by this user; become: true may help');
    expect(readFileSync(join(stage.desk.dir, 'secret'), 'utf8')).toBe('hidden\n');
  });
});
