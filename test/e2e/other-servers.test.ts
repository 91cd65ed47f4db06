import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, must } from '../rig/run.ts';
import { openStage, type Stage } from './stage.ts';

/* Servers that routers, small images and rescue systems have instead of OpenSSH: the same playbook, the same user. */
let stage: Stage;
const ended: (() => void)[] = [];
beforeAll(async () => {
  stage = await openStage('ssh', 1);
  const account = stage.rig?.accounts['app'];
  if (!account || !stage.rig) throw new Error('no account');
  // tinysshd trusts no key that lies below a folder which everyone may write, such as /tmp.
  const home = join('/var/lib', account.name);
  ended.push(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, '.ssh');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'authorized_keys'), `${stage.rig.publicKey}\n`, { mode: 0o600 });
  for (const path of [home, folder, join(folder, 'authorized_keys')]) await chown(path, account.uid, account.gid);
  chmodSync(home, 0o755);
  await must('usermod', ['--home', home, account.name]);
});
afterAll(async () => {
  for (const end of ended) end();
  await stage?.[Symbol.asyncDispose]();
});

const desk = (path: string): string => join(stage.desk.dir, path);

/** Starts dropbear; gives its port. */
async function dropbear(): Promise<number> {
  const key = desk('dropbear_key');
  await must('dropbearkey', ['-t', 'ed25519', '-f', key]);
  const port = 9_000 + Math.floor(Math.random() * 1_000);
  const server: ChildProcess = spawn(
    'dropbear',
    ['-F', '-E', '-r', key, '-p', `127.0.0.1:${port}`, '-P', desk('dropbear.pid')],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  ended.push(() => server.kill('SIGKILL'));
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await eventually('dropbear listening', 10_000, () => (/Not backgrounding/.test(said) ? true : undefined));
  return port;
}

/** Starts tinysshd for each connection, as inetd would; gives the port. */
async function tinysshd(): Promise<number> {
  const keys = desk('tinysshd');
  rmSync(keys, { recursive: true, force: true });
  await must('tinysshd-makekey', [keys]);
  const server: Server = createServer({ pauseOnConnect: true }, (socket) => {
    const child = spawn('tinysshd', ['-l', keys], { stdio: [socket, socket, 'ignore'] });
    child.on('exit', () => socket.destroy());
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const book = `
- hosts: all
  tasks:
    - file: { path: '{{place}}/app', state: directory, mode: '0750' }
    - copy: { content: "hello\\n", dest: '{{place}}/app/motd' }
    - copy: { content: '{{big}}', dest: '{{place}}/app/big' }
      vars: { big: '{{repeat "0123456789" 20000}}' }
    - lineinfile: { path: '{{place}}/app/lines', line: 'on {{facts.os.name}}', create: true }
    - command: id -un
      register: me
      changed_when: false
    - debug: 'I am {{me.stdout}}'
    - command: id -un
      become: true
      register: root
      changed_when: false
    - debug: 'and {{root.stdout}}'
    - fetch: { src: '{{place}}/app/big', dest: got, flat: true }
`;

describe.each([
  ['dropbear', dropbear],
  ['tinysshd', tinysshd],
])('%s', (_, start) => {
  test('a playbook runs, as itself and with become, twice', async () => {
    const port = await start();
    const args = ['-i', 'other.yml', '--accept-new', '--known-hosts', desk('known'), '-o', 'lines'];
    const hosts = JSON.parse(readFileSync(desk('hosts.yml'), 'utf8'));
    hosts.all.vars.ansible_port = port;
    hosts.all.hosts.web1.ansible_host = '127.0.0.1';
    stage.desk.file('other.yml', JSON.stringify(hosts));
    stage.desk.file('book.yml', book);
    await stage.clean();
    const first = await stage.desk.play(['book.yml', ...args]);
    expect(first.exit, first.stdout + first.stderr).toBe(0);
    expect(first.stdout).toContain(`I am ${stage.rig?.accounts['app']?.name}`);
    expect(first.stdout).toContain('and root');
    expect(readFileSync(desk('got'), 'utf8')).toHaveLength(200_000);
    const second = await stage.desk.play(['book.yml', ...args]);
    expect(second.stdout).toContain('nothing changed');
  });
});
