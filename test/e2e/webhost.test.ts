import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Played, play } from '../rig/cli.ts';
import { type Machine, startMachine } from '../rig/machine.ts';
import { must } from '../rig/run.ts';

/*
 * playbooks/webhost turns a bare Debian, booted with its own systemd and network, into a web host. What came of it is looked at with
 * ssh, curl's equal and the programs of the machine itself.
 */
// Packages come over the network.
vi.setConfig({ testTimeout: 420_000 });
const book = join(import.meta.dirname, '../../playbooks/webhost/site.yml');
let machine: Machine;
let repository: { url: string; release(text: string): Promise<void>; stop(): void };
beforeAll(async () => {
  machine = await startMachine();
  repository = await serveRepository();
  const web = { hosts: { www1: { address: machine.address, user: 'root', key: machine.key } } };
  writeFileSync(join(machine.dir, 'hosts.json'), JSON.stringify({ web }));
}, 600_000);
afterAll(async () => {
  repository?.stop();
  await machine?.stop();
}, 60_000);

const converge = (...args: string[]): Promise<Played> =>
  play(
    [
      ...[book, '-i', join(machine.dir, 'hosts.json'), '--known-hosts', machine.knownHosts, '-o', 'lines'],
      ...['--keys', `${machine.key}.pub`, '--repo', repository.url, ...args],
    ],
    { cwd: machine.dir, timeout: 400_000 },
  );
const there = async (command: string, user = 'root'): Promise<string> => {
  const { stdout, stderr } = await machine.ssh(user, command);
  return (stdout + stderr).trim();
};

test('a check of the bare machine says what would be done, or what it depends on, and does nothing', async () => {
  const { exit, stdout } = await converge('--check');
  expect(exit).toBe(0);
  expect(stdout).toContain('would change  packages');
  expect(stdout).toMatch(/unknown +its code .*\n +cannot be told before the real run; earlier: .*its folder/);
  expect(stdout).not.toContain('failed');
  expect(await there('ls /etc/sudoers.d /srv /etc/nginx; getent passwd ops app')).toBe(
    "/srv:\nls: cannot access '/etc/sudoers.d': No such file or directory\nls: cannot access '/etc/nginx': No such file or directory",
  );
});

test('the playbook makes it a web host', async () => {
  const { exit, stdout, stderr } = await converge();
  expect({ exit, stderr }, stdout).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(/done · 1 host · \d+ changed/);
  expect(await there('hostname; getent hosts www1 | cut -d " " -f 1')).toBe('www1\n127.0.1.1');
  expect(await there('systemctl is-active nginx nftables cron ssh app.timer')).toBe('active\n'.repeat(5).trim());
  expect(await there('systemctl is-enabled nginx nftables app.timer')).toBe('enabled\n'.repeat(3).trim());
  expect(await there('sudo -n id -un', 'ops')).toBe('root');
  expect(await there('sshd -T | grep -E "^(passwordauthentication|permitrootlogin) "')).toBe(
    'permitrootlogin without-password\npasswordauthentication no',
  );
  expect(await there('sysctl -n net.core.somaxconn net.ipv4.tcp_syncookies net.ipv4.conf.all.accept_redirects')).toBe(
    '1024\n1\n0',
  );
  expect(await there('crontab -l -u app | tail -n 1')).toBe('17 3 * * * /srv/app/bin/clean');
});

test('each name has its site, and only what is meant to be open is', async () => {
  expect(await get('www.example.org')).toContain('Welcome, this is www.example.org on www1.');
  expect(await get('example.org')).toContain('Welcome, this is www.example.org on www1.');
  expect(await get('docs.example.org')).toContain('Read on, this is docs.example.org on www1.');
  expect(await get('app.example.org')).toContain('release one');
  await there('systemd-run --quiet systemd-socket-activate -l 8080 cat');
  expect(await there('sleep 1; bash -c "</dev/tcp/127.0.0.1/8080" && echo open')).toBe('open');
  expect(await reaches(80)).toBe(true);
  expect(await reaches(8080)).toBe(false);
});

test('its logs are rotated, and nginx goes on in the new file', async () => {
  expect(await there('logrotate --force /etc/logrotate.d/sites; cat /var/log/nginx/www.example.org.log.1')).toContain(
    '"GET / HTTP/1.1" 200',
  );
  await get('www.example.org');
  expect(await there('cat /var/log/nginx/www.example.org.log')).toContain('"GET / HTTP/1.1" 200');
});

test('a second run finds nothing to do', async () => {
  const { exit, stdout } = await converge();
  expect(exit).toBe(0);
  expect(stdout).toMatch(/done · 1 host · nothing changed/);
});

test('a new commit and a setting that was changed by hand are all that the next run touches', async () => {
  await repository.release('two');
  await there('sed -i s/weekly/daily/ /etc/logrotate.d/sites; systemctl stop nginx');
  const { exit, stdout } = await converge('--diff');
  expect(exit).toBe(0);
  const changed = [...stdout.matchAll(/^\S+ www1 changed +(.+?)(?: \((?:handler(?:, )?)?(?:\S+s)?\))?$/gm)].map(
    ([, task]) => task,
  );
  expect(changed).toEqual(['nginx runs', 'logs of the sites', 'its code', 'build the pages']);
  expect(stdout).toMatch(/- {4}daily\n.*\+ {4}weekly/s);
  expect(await get('app.example.org')).toContain('release two');
});

/** What a browser gets from the site of this name. */
function get(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: machine.address, headers: { host }, timeout: 10_000 }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part as Buffer);
      resolve(Buffer.concat(parts).toString('utf8'));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Whether a connection comes about within two seconds. */
function reaches(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: machine.address, port, timeout: 2_000 });
    const tell = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', tell(true)).once('error', tell(false)).once('timeout', tell(false));
  });
}

/** A repository with a program that builds a page, served by git's own server. */
async function serveRepository() {
  const dir = join(machine.dir, 'git/app');
  const git = (...args: string[]) =>
    must('git', ['-C', dir, '-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args]);
  mkdirSync(join(dir, 'bin'), { recursive: true });
  await git('init', '--quiet', '--initial-branch=main');
  const script = (name: string, text: string) =>
    writeFileSync(join(dir, 'bin', name), `#!/bin/sh\nset -eu\n${text}\n`, { mode: 0o755 });
  const release = async (text: string): Promise<void> => {
    script('build', `mkdir -p public\necho "release ${text}" >public/index.html`);
    script('clean', 'find public -name "*.old" -mtime +7 -exec rm -- {} +');
    await git('add', '.');
    await git('commit', '--quiet', '--message', text);
  };
  await release('one');
  const program = join((await must('git', ['--exec-path'])).trim(), 'git-daemon');
  const server = spawn(program, ['--export-all', `--base-path=${join(dir, '..')}`, `--listen=${machine.here}`], {
    stdio: 'ignore',
  });
  return { url: `git://${machine.here}/app`, release, stop: () => server.kill() };
}
