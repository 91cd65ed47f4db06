import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type FakeAws, startAws } from '../aws/aws.ts';
import { createDesk, type Desk, type Played } from '../rig/cli.ts';
import { must } from '../rig/run.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';

/* A release that is rolled out over a fleet: the same playbook over SSH and through AWS Systems Manager. */
vi.setConfig({ testTimeout: 120_000 });
const book = join(import.meta.dirname, '../../playbooks/fleet.yml');
const names = ['worker1', 'worker2', 'worker3'];
let rig: Rig;
let aws: FakeAws;
let desk: Desk;
/** Where the program lives; each of the hosts behind SSH needs one of its own, since all are one machine. */
let base: string;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'play-fleet-'));
  // Whoever logs in over SSH must get through it.
  chmodSync(base, 0o755);
  rig = await startSshd({ hosts: 3, accounts: { ops: { sudo: 'nopasswd' } } });
  aws = await startAws({ instances: 3 });
  desk = await createDesk();
  const app = `${base}/{{host.name}}`;
  const over = (vars: object, entry: (index: number) => object): string =>
    JSON.stringify({
      fleet: { vars: { ...vars, app }, hosts: Object.fromEntries(names.map((name, i) => [name, entry(i)])) },
    });
  const ids = [...aws.instances.keys()];
  desk.file(
    'ssh.yml',
    over({ user: rig.accounts['ops']?.name, port: rig.port, key: rig.key }, (i) => ({ address: rig.addresses[i] })),
  );
  desk.file(
    'ssm.yml',
    over({ connection: 'ssm' }, (i) => ({ instance_id: ids[i] })),
  );
}, 60_000);
afterAll(async () => {
  await desk?.[Symbol.asyncDispose]();
  await aws?.close();
  await rig?.stop();
  rmSync(base, { recursive: true, force: true });
}, 60_000);

const ways = ['ssh', 'ssm'] as const;
type Way = (typeof ways)[number];

async function roll(way: Way, ...args: string[]): Promise<Played> {
  const known = way === 'ssh' ? ['--known-hosts', await rig.knownHostsFile()] : [];
  return desk.play([book, '-i', `${way}.yml`, '--report', `${way}.md`, '-o', 'lines', ...known, ...args], {
    env: aws.env,
    timeout: 100_000,
  });
}

/** What people read of a run, without its times, its id and the order in which hosts were heard. */
function report({ stdout }: Played): string[] {
  const duration = String.raw`\d+(?:\.\d+s|ms)`;
  return stdout
    .split('\n')
    .filter((line) => line.trim() !== '' && !new RegExp(`^(?:recorded|slowest| +${duration} )`).test(line))
    .map((line) =>
      line
        .replace(/^\d\d:\d\d:\d\d /, '')
        .replace(new RegExp(` \\(${duration}\\)|, ${duration}(?=\\))| ${duration}$`), ''),
    )
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .sort();
}

/** Every file and link under a folder with its mode, owner and content. */
async function state(root: string): Promise<string> {
  const script = `cd "$0" && find . -printf '%p %y %m %u %l\\n' | sort && find . -type f | sort | xargs sha256sum`;
  return must('sh', ['-c', script, root]);
}

async function states(way: Way): Promise<string[]> {
  const ids = [...aws.instances.keys()];
  return Promise.all(
    names.map(async (name, i) =>
      state(way === 'ssh' ? join(base, name) : `${await aws.root(ids[i] ?? '')}${base}/${name}`),
    ),
  );
}

describe('fleet.yml', () => {
  const said: Partial<Record<Way, string[][]>> = {};

  test.each(ways)('rolls out over %s, and finds nothing to do the second time', async (way) => {
    const check = await roll(way, '--version', '1.4.0', '--check');
    expect(check.exit, check.stdout).toBe(0);
    expect(check.stdout).toContain('✔ checked · 3 hosts');
    const first = await roll(way, '--version', '1.4.0');
    expect(first.exit, first.stdout).toBe(0);
    const again = await roll(way, '--version', '1.4.0');
    expect(again.stdout).toContain('✔ done · 3 hosts · nothing changed');
    const next = await roll(way, '--version', '1.5.0', '--workers', '8', '--diff');
    expect(next.exit, next.stdout).toBe(0);
    expect(readFileSync(join(desk.dir, `${way}.md`), 'utf8')).toContain('1.5.0 with 8 workers');
    said[way] = [check, first, again, next].map(report);
  });

  test('leaves the same behind on both ways, and says the same', async () => {
    expect(await states('ssm')).toEqual(await states('ssh'));
    expect(said.ssm).toEqual(said.ssh?.map((lines) => lines.map((line) => line.replaceAll('ssh.', 'ssm.'))));
    expect(readFileSync(join(desk.dir, 'ssm.md'), 'utf8')).toBe(readFileSync(join(desk.dir, 'ssh.md'), 'utf8'));
  });

  test('leaves nothing of its own on the instances', async () => {
    for (const id of aws.instances.keys()) {
      const left = await must('find', [`${await aws.root(id)}/tmp`, '-mindepth', '1']);
      expect(left.replaceAll(`${await aws.root(id)}`, '')).not.toMatch(/\/play-(?!fleet)/);
    }
    expect(aws.openCommands()).toEqual([]);
  });

  test('a release that a host does not take stops there, on both ways alike', async () => {
    const stories = await Promise.all(
      ways.map(async (way) => {
        const root = way === 'ssh' ? base : `${await aws.root([...aws.instances.keys()][0] ?? '')}${base}`;
        await must('sh', ['-c', `rm -rf "$0" && echo in the way >"$0"`, join(root, 'worker1/run')]);
        return roll(way, '--version', '1.6.0');
      }),
    );
    for (const story of stories) {
      expect(story.exit, story.stdout).toBe(3);
      expect(story.stdout).toContain('not begun: worker2, worker3');
    }
    expect(report(stories[1]!)).toEqual(report(stories[0]!));
  });
});
