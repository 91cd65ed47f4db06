import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectOptions } from '../../src/model/transport.ts';
import { fingerprint } from '../../src/ssh/public-key.ts';
import { createTrustStore } from '../../src/ssh/trust-store.ts';
import { createSshTransport } from '../../src/transports/ssh.ts';
import { must } from '../rig/run.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';
import { refused, talk, until } from '../transports/talk.ts';
import { type LoneServer, newKeyPair, startLoneServer } from './lone-server.ts';
import { optionsOf, reach, settingsOf, targetOf } from './reachable.ts';

let rig: Rig;
let dir: string;
let file: string;
let here: string;
beforeAll(async () => {
  rig = await startSshd({ accounts: { app: {} }, hosts: 3, hostKeys: ['ed25519', 'rsa'] });
  here = `[${rig.addresses[0]}]:${rig.port}`;
});
beforeEach(() => {
  if (dir) rmSync(dir, { recursive: true, force: true });
  dir = mkdtempSync(join(tmpdir(), 'play-hostkey-'));
  file = join(dir, 'known_hosts');
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await rig?.stop();
});

const keyOf = (line: string): Buffer => Buffer.from(line.split(' ')[1] ?? '', 'base64');
const withFile = (changed: Partial<ConnectOptions['hostKeys']> = {}) => ({
  hostKeys: { files: [file], acceptNew: false, ...changed },
});
const ed25519 = (): string => rig.hostKeys[0] ?? '';
const rsa = (): string => rig.hostKeys[1] ?? '';
const stranger = newKeyPair().public.split(' ').slice(0, 2).join(' ');

describe('an unknown host key', () => {
  test('is refused without a terminal, with its fingerprint and what to type to trust it', async () => {
    const { code, message, hint, exit } = await refused(reach(rig, { options: withFile() }));
    expect({ code, exit }).toEqual({ code: 'E_HOSTKEY_UNKNOWN', exit: 6 });
    const endpoint = `${rig.addresses[0]}:${rig.port}`;
    expect(message).toBe(`web1: the host key of ${endpoint} is not known: ed25519 ${fingerprint(keyOf(ed25519()))}`);
    expect(hint).toContain(`ssh-keyscan -p ${rig.port} -t ed25519 ${rig.addresses[0]} >> ${file}`);
    expect(hint).toContain('--accept-new');
  });

  test('is trusted after the command that the message gives', async () => {
    const { hint } = await refused(reach(rig, { options: withFile() }));
    const command = /with: (ssh-keyscan .*?) \(or/.exec(hint)?.[1] ?? '';
    await must('/bin/sh', ['-c', `${command} 2>/dev/null`]);
    const connection = await reach(rig, { options: withFile() });
    await connection.close();
  });

  test('is refused before any credential is sent', async () => {
    await using server = await startLoneServer();
    const target = { address: '127.0.0.1', port: server.port, password: 'secret' };
    await refused(reach(rig, { target, options: withFile() }));
    expect(server.connections).toBe(1);
    expect(server.attempts).toEqual([]);
  });

  test('is written down with accept-new, in a line that ssh reads as well', async () => {
    writeFileSync(file, `other ${stranger}`);
    const connection = await reach(rig, { options: withFile({ acceptNew: true }) });
    await connection.close();
    expect(readFileSync(file, 'utf8')).toBe(`other ${stranger}\n${here} ${ed25519()}\n`);
    expect(await must('ssh-keygen', ['-F', here, '-f', file])).toContain('found: line 2');
    await (await reach(rig, { options: withFile() })).close();
  });

  test('is asked about once, however many names the server has', async () => {
    const asked: string[] = [];
    let now = 0;
    let most = 0;
    const ask = async (question: string): Promise<string> => {
      most = Math.max(most, ++now);
      asked.push(question);
      await new Promise((resolve) => setTimeout(resolve, 50));
      now--;
      return 'yes';
    };
    const transport = createSshTransport(settingsOf());
    const names = ['web1', 'www', 'alias'];
    const same = names.map((name) =>
      transport.connect(targetOf(rig, { name }), optionsOf(rig, { ...withFile(), ask })),
    );
    const second = transport.connect(
      targetOf(rig, { name: 'web2', address: rig.addresses[1] ?? '' }),
      optionsOf(rig, { ...withFile(), ask }),
    );
    for (const connection of await Promise.all([...same, second])) await connection.close();
    expect(asked).toHaveLength(2);
    expect(most).toBe(1);
    expect(asked[0]).toContain(`Its ed25519 key has the fingerprint ${fingerprint(keyOf(ed25519()))}.`);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  test.each(['n', '', 'no', 'maybe', 'yes please'])('is refused when the answer is "%s"', async (answer) => {
    const { code } = await refused(reach(rig, { options: { ...withFile(), ask: async () => answer } }));
    expect(code).toBe('E_HOSTKEY_UNKNOWN');
    expect(() => readFileSync(file)).toThrow();
  });

  test('is waited for as long as a person thinks', async () => {
    const slow = async (): Promise<string> => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      return 'y';
    };
    const deadlines = { kex: 400, banner: 9_000, auth: 9_000 };
    const connection = await reach(rig, { options: { ...withFile(), ask: slow }, settings: { deadlines } });
    await connection.close();
  });
});

describe('a host key that has changed', () => {
  test('is refused before any credential is sent, with the old entry and both fingerprints', async () => {
    await using server = await startLoneServer();
    writeFileSync(file, `# mine\n[127.0.0.1]:${server.port} ${stranger}\n`);
    const target = { address: '127.0.0.1', port: server.port, password: 'secret' };
    const { code, message, hint, exit } = await refused(reach(rig, { target, options: withFile() }));
    expect({ code, exit }).toEqual({ code: 'E_HOSTKEY_CHANGED', exit: 6 });
    expect(message).toBe(
      `web1: THE HOST KEY OF 127.0.0.1:${server.port} HAS CHANGED: it shows ed25519 ${fingerprint(keyOf(server.hostKey.public))}, ` +
        `on file is ed25519 ${fingerprint(keyOf(stranger))} (${file}:2)`,
    );
    expect(hint).toContain(`remove ${file}:2`);
    expect(server.attempts).toEqual([]);
  });

  test('is refused with accept-new and by a person who says yes, too', async () => {
    writeFileSync(file, `${here} ${stranger}\n`);
    const asked: string[] = [];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      return 'yes';
    };
    const { code } = await refused(reach(rig, { options: { ...withFile({ acceptNew: true }), ask } }));
    expect(code).toBe('E_HOSTKEY_CHANGED');
    expect(asked).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe(`${here} ${stranger}\n`);
  });
});

describe('a host key', () => {
  test('that is revoked is refused', async () => {
    writeFileSync(file, `${here} ${ed25519()}\n@revoked * ${ed25519()}\n`);
    const { code, message, exit } = await refused(reach(rig, { options: withFile({ acceptNew: true }) }));
    expect({ code, exit }).toEqual({ code: 'E_HOSTKEY_REVOKED', exit: 6 });
    expect(message).toContain(`is revoked (${file}:2)`);
  });

  test('of a host that is trusted by certificates only is refused, also with accept-new', async () => {
    writeFileSync(file, `@cert-authority * ${stranger}\n`);
    const { code, message, exit } = await refused(reach(rig, { options: withFile({ acceptNew: true }) }));
    expect({ code, exit }).toEqual({ code: 'E_HOSTKEY_AUTHORITY', exit: 6 });
    expect(message).toContain(`is trusted by host certificates only (${file}:1)`);
  });

  test('of another type on file makes no false alarm: the server is asked for that type', async () => {
    writeFileSync(file, `${here} ${rsa()}\n`);
    const connection = await reach(rig, { options: withFile() });
    await connection.close();
  });

  test.each([
    ['hashed', true],
    ['plain', false],
  ])('on file is found (%s)', async (_, hashed) => {
    writeFileSync(file, `${here} ${ed25519()}\n`);
    if (hashed) await must('ssh-keygen', ['-q', '-H', '-f', file]);
    await (await reach(rig, { options: withFile() })).close();
  });

  test('in a file that cannot be read is not taken for unknown', async () => {
    const { code, message, exit } = await refused(reach(rig, { options: withFile({ files: [dir], acceptNew: true }) }));
    expect({ code, exit }).toEqual({ code: 'E_KNOWN_HOSTS', exit: 6 });
    expect(message).toContain(dir);
  });

  test('stays the same when keys are exchanged again in the middle', async () => {
    const busy = await startSshd({ accounts: { app: {} }, settings: { RekeyLimit: '1M' } });
    try {
      let asked = 0;
      const ask = async (): Promise<string> => {
        asked++;
        return 'yes';
      };
      const connection = await reach(busy, { options: { ...withFile(), ask } });
      const { stdout, end } = await talk(connection, 'head -c 4000000 /dev/zero');
      await connection.close();
      expect({ bytes: stdout.length, end, asked }).toEqual({
        bytes: 4_000_000,
        end: { kind: 'exit', code: 0 },
        asked: 1,
      });
    } finally {
      await busy.stop();
    }
  });

  test('that is another one when keys are exchanged again ends the connection', async () => {
    const other = newKeyPair();
    let swap = (): void => {};
    const server: LoneServer = await startLoneServer({
      onClient: (client) => {
        client.on('session', (accept) => {
          accept().on('exec', (accepted) => {
            accepted().write('go\n');
          });
        });
        swap = () => {
          // What ssh2 cannot be told from outside: the protocol of a live connection gets another key.
          const parsed = ssh2.utils.parseKey(other.private);
          const protocol = Reflect.get(client, '_protocol');
          Reflect.set(protocol, '_hostKeys', { 'ssh-ed25519': parsed });
          client.rekey(() => {});
        };
      },
    });
    await using _ = server;
    const target = { address: '127.0.0.1', port: server.port };
    const connection = await reach(rig, { target, options: withFile({ acceptNew: true }) });
    let said = '';
    const pipe = await connection.open('anything', { stdout: (chunk) => (said += chunk), stderr: () => {} });
    await until('the start', () => said === 'go\n');
    swap();
    const end = await pipe.ended;
    expect(end).toEqual({ kind: 'lost', reason: 'the host key changed in the middle of the connection' });
  });
});

test('50 writers at once lose no line of known_hosts and tear none', async () => {
  const key = keyOf(stranger);
  const stores = Array.from({ length: 5 }, () => createTrustStore());
  await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      stores[i % 5]?.add(file, { address: `host${i}`, port: 22 }, 'ssh-ed25519', key),
    ),
  );
  const lines = readFileSync(file, 'utf8').trim().split('\n').sort();
  expect(lines).toEqual(Array.from({ length: 50 }, (_, i) => `host${i} ${stranger}`).sort());
});
