import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judge, knownHosts, parseKnownHosts } from '../../src/ssh/known-hosts.ts';
import { must, run } from '../rig/run.ts';

let dir: string;
let port: number;
let server: InstanceType<typeof ssh2.Server>;
let own: string;
let others: string[];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'play-verdicts-'));
  const make = async (name: string, type: string): Promise<string> => {
    await must('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', join(dir, name)]);
    return readFileSync(join(dir, `${name}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');
  };
  own = await make('own', 'ed25519');
  others = [await make('other', 'ed25519'), await make('ecdsa', 'ecdsa')];
  // A server that shows its key and lets nobody in: the verdict is all that differs.
  server = new ssh2.Server({ hostKeys: [readFileSync(join(dir, 'own'))] }, (client) => {
    client.on('authentication', (attempt) => attempt.reject());
    client.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

async function verdictOfSsh(file: string): Promise<string> {
  const settings = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'GlobalKnownHostsFile=/dev/null',
    'IdentityAgent=none',
  ];
  const options = [...settings, `UserKnownHostsFile=${file}`].flatMap((setting) => ['-o', setting]);
  const { stderr } = await run('ssh', ['-F', 'none', '-p', String(port), ...options, 'nobody@127.0.0.1', ':']);
  if (stderr.includes('Permission denied')) return 'known';
  if (stderr.includes('REVOKED')) return 'revoked';
  if (stderr.includes('HAS CHANGED')) return 'changed';
  if (stderr.includes('host key is known for')) return 'unknown';
  throw new Error(stderr);
}

test('60 files: our verdict on the key of a live server is the one of ssh', async () => {
  const here = `[127.0.0.1]:${port}`;
  const names = [here, '127.0.0.1', '*', `[127.0.0.?]:${port}`, `${here},!${here}`, '[127.0.0.1]:1', '127.0.0.2'];
  const keys = [own, own, ...others];
  const markers = ['', '', '', '@revoked ', '@cert-authority '];
  let seed = 11;
  const pick = <T>(list: readonly T[]): T => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return list[Math.floor((seed / 2_147_483_648) * list.length)] as T;
  };
  const line = (): string => `${pick(markers)}${pick(names)} ${pick(keys)}\n`;
  const texts = Array.from({ length: 60 }, () => Array.from({ length: pick([1, 2, 3]) }, line).join(''));
  const differ: unknown[] = [];
  const seen = new Set<string>();
  await Promise.all(
    [0, 1].map(async (half) => {
      for (const [i, text] of texts.entries()) {
        if (i % 2 !== half) continue;
        const file = join(dir, `case${i}`);
        writeFileSync(file, text);
        const blob = Buffer.from(own.split(' ')[1] ?? '', 'base64');
        const ours = judge(knownHosts(parseKnownHosts(text, file)), { address: '127.0.0.1', port }, blob).kind;
        const theirs = await verdictOfSsh(file);
        seen.add(theirs);
        if (ours !== theirs) differ.push({ text, ours, theirs });
      }
    }),
  );
  expect(differ).toEqual([]);
  expect([...seen].sort()).toEqual(['changed', 'known', 'revoked', 'unknown']);
}, 120_000);
