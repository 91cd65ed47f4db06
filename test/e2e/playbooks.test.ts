import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { play } from '../rig/cli.ts';
import { run } from '../rig/run.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';

const root = join(import.meta.dirname, '../..');

describe('the quickstart', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'play-quickstart-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));
  const quickstart = (...args: string[]) =>
    play(['playbooks/quickstart.yml', ...args], { cwd: root, env: { HOME: home } });

  it('announces everything in check mode and touches nothing', async () => {
    const { exit, stdout } = await quickstart('--check');
    expect(exit).toBe(0);
    expect(stdout).toContain('would change');
    expect((await run('ls', ['-A', home])).stdout).not.toContain('play-quickstart');
  });

  it('builds the site, with diffs and a handler', async () => {
    const { exit, stdout } = await quickstart('--diff');
    expect(exit).toBe(0);
    expect(stdout).toContain('+<h1>Welcome</h1>');
    expect(stdout).toMatch(/changed +count the words \(handler/);
    expect(stdout).toMatch(/done · 1 host · 8 changed/);
    expect(await readFile(join(home, 'play-quickstart/site.conf'), 'utf8')).toContain('theme = dark\n');
  });

  it('finds nothing to change the second time', async () => {
    const { exit, stdout } = await quickstart();
    expect(exit).toBe(0);
    expect(stdout).toMatch(/done · 1 host · nothing changed/);
  });

  it('writes only the page that differs', async () => {
    await writeFile(join(home, 'play-quickstart/public/about.html'), 'scribbled over');
    const { stdout } = await quickstart();
    expect(stdout).toMatch(/changed +a page \[about\]/);
    expect(stdout).toMatch(/ok +a page \[news\]/);
    expect(stdout).toMatch(/done · 1 host · 2 changed/);
  });
});

describe('deploy.yml on twenty hosts', () => {
  let rig: Rig;
  let inventory: string;
  beforeAll(async () => {
    rig = await startSshd({ hosts: 20, accounts: { admin: { sudo: 'nopasswd' } } });
    const user = rig.accounts['admin']?.name ?? '';
    // The twenty hosts are one machine: each needs a service of its own.
    const text = await readFile(await rig.inventoryFile({ user }), 'utf8');
    inventory = join(rig.dir, 'web.yml');
    const own = '  vars:\n    service: "playtest-{{host.name}}"\n    http_port: 8080';
    await writeFile(inventory, text.replace('all:', 'web:').replace('  vars:', own));
  }, 60_000);
  afterAll(async () => {
    for (const name of rig.names) {
      const service = `playtest-${name}`;
      await run('sh', ['-c', `/etc/init.d/${service} stop; rm -rf /etc/init.d/${service} /srv/${service}`]);
    }
    await rig.stop();
  }, 60_000);
  const deploy = async (book: string, ...args: string[]) =>
    play([book, '-i', inventory, '--known-hosts', await rig.knownHostsFile(), ...args], {
      cwd: root,
      timeout: 110_000,
    });
  const page = async (host: number): Promise<string> =>
    (await run('wget', ['-q', '-O', '-', `http://${rig.addresses[host - 1]}:8080/`])).stdout;

  it('converges them, serves, and finds nothing to change the second time', async ({ task }) => {
    const first = await deploy('playbooks/deploy.yml');
    expect(first.stderr).toBe('');
    expect(first.exit, first.stdout).toBe(0);
    // What an attempt that was cut short has done is done.
    const isAnew = (task.result?.retryCount ?? 0) === 0;
    expect(first.stdout).toMatch(isAnew ? /done · 20 hosts · 160 changed/ : /done · 20 hosts/);
    expect(await page(7)).toContain('Hello from web7');
    const second = await deploy('playbooks/deploy.yml');
    expect(second.exit).toBe(0);
    expect(second.stdout).toMatch(/done · 20 hosts · nothing changed/);
  }, 240_000);

  it('switches to a new release and restarts only then', async () => {
    const book = await readFile(join(root, 'playbooks/deploy.yml'), 'utf8');
    const next = join(root, 'playbooks', `.deploy-${process.pid}.yml`);
    await writeFile(next, book.replace('1.4.0', '1.10.0'));
    try {
      const { exit, stdout } = await deploy(next, '-l', 'web7', '--diff');
      expect(exit).toBe(0);
      expect(stdout).toContain('+-> releases/1.10.0');
      expect(stdout).toMatch(/changed +restart the service/);
      expect(await page(7)).toContain('release 1.10.0');
    } finally {
      await rm(next, { force: true });
    }
  }, 90_000);
});
