import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { play } from '../rig/cli.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';
import { mistakes } from './shop-mistakes.ts';

/* playbooks/shop: three tiers of roles, the middle one rolling, with a password that must not show. */
const shop = join(import.meta.dirname, '../../playbooks/shop');
const password = 'correct-horse-battery';

describe('the shop on six hosts', () => {
  let rig: Rig;
  let home: string;
  beforeAll(async () => {
    rig = await startSshd({ hosts: 6, accounts: { deploy: {} } });
    home = rig.accounts['deploy']?.home ?? '';
    const [store, balancer, ...app] = rig.names;
    const entry = (name: string | undefined): [string, object] => [
      name ?? '',
      { address: rig.addresses[rig.names.indexOf(name ?? '')], root: join(home, name ?? '') },
    ];
    const group = (names: (string | undefined)[]) => ({ hosts: Object.fromEntries(names.map(entry)) });
    const vars = { user: rig.accounts['deploy']?.name, port: rig.port, key: rig.key };
    const inventory = {
      all: { vars, children: { store: group([store]), app: group(app), balancer: group([balancer]) } },
    };
    await writeFile(join(rig.dir, 'hosts.json'), JSON.stringify(inventory));
  }, 60_000);
  afterAll(() => rig?.stop(), 60_000);
  const deploy = async (release: string, ...args: string[]) =>
    play(
      [
        join(shop, 'site.yml'),
        ...['-i', join(rig.dir, 'hosts.json'), '--known-hosts', await rig.knownHostsFile()],
        ...['--release', release, '-o', 'lines', ...args],
      ],
      { cwd: rig.dir, timeout: 100_000, env: { SHOP_DB_PASSWORD: password } },
    );
  const read = (host: number, file: string): Promise<string> =>
    readFile(join(home, rig.names[host] ?? '', 'shop', file), 'utf8');

  it('comes up batch by batch, and the second run finds nothing to do', async () => {
    const first = await deploy('1.10.0');
    expect(first.stderr).toBe('');
    expect(first.exit).toBe(0);
    expect(first.stdout.match(/batch \d of \d: .*/g)).toEqual([
      `batch 1 of 3: ${rig.names[2]}`,
      `batch 2 of 3: ${rig.names[3]}, ${rig.names[4]}`,
      `batch 3 of 3: ${rig.names[5]}`,
    ]);
    expect(await read(5, 'etc/app.conf')).toBe(
      `release = 1.10.0\nprocesses = 4\nlisten = ${rig.addresses[5]}:8081\nstore = ${rig.names[0]}:5433\n`,
    );
    expect(await read(0, 'etc/store.conf')).toContain(`password = ${password}\n`);
    expect(await read(2, 'log/app')).toBe('restart 1.10.0\n');
    expect(await read(2, 'log/migrations')).toBe('schema 1.10.0\n');
    const backends = (await read(1, 'etc/backends')).trim().split('\n').sort();
    expect(backends).toEqual(rig.names.slice(2).map((name) => `${name} up`));
    const second = await deploy('1.10.0');
    expect(second.exit).toBe(0);
    expect(second.stdout).toMatch(/done · 6 hosts · nothing changed/);
  }, 120_000);

  it('stops before the second batch when the first host fails, and leaves it drained', async () => {
    // The release of the first application host cannot be written.
    await writeFile(join(home, rig.names[2] ?? '', 'shop/releases/1.11.0'), 'in the way');
    const { exit, stdout } = await deploy('1.11.0');
    expect(exit).toBe(3);
    expect(stdout).toContain(`the play stops: 1 of 1 host failed, more than max_fail_percentage 25; not begun:`);
    expect(stdout).toContain(`release folder failed on ${rig.names[2]}`);
    expect(await read(1, 'etc/backends')).toContain(`${rig.names[2]} down`);
    expect(await read(3, 'current/VERSION')).toBe('1.10.0');
    expect(await read(2, 'log/deploys')).toBe('1.10.0\n1.11.0\n');
  }, 120_000);
});

describe('a mistake in the shop is found before any host is contacted', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'play-shop-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test('there are enough of them', () => expect(mistakes.length).toBeGreaterThanOrEqual(40));

  test('without one there is nothing to find', async () => {
    const { exit } = await play(['lint', 'site.yml', '-i', 'hosts.yml'], { cwd: shop });
    expect(exit).toBe(0);
  });

  test.each(mistakes.map((mistake, i) => [i, ...mistake] as const))(
    '%i %s: %j',
    async (i, file, right, wrong, code) => {
      const copy = join(dir, String(i));
      await cp(shop, copy, { recursive: true });
      const text = await readFile(join(copy, file), 'utf8');
      expect(text).toContain(right);
      await writeFile(
        join(copy, file),
        text.replace(right, () => wrong),
      );
      const { exit, stdout } = await play(['lint', 'site.yml', '-i', 'hosts.yml'], { cwd: copy });
      expect(exit).toBe(2);
      expect(stdout).toContain(`[${code}]`);
      expect(stdout).toMatch(/--> \S+:\d+:\d+/);
    },
  );
});
