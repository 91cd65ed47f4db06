import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { Target } from '../../src/model/transport.ts';
import { createLocalTransport } from '../../src/transports/local.ts';
import { conformance } from './conformance.ts';
import { refused, talk } from './talk.ts';

const target: Target = { name: 'localhost', transport: 'local', address: 'localhost', shell: '/bin/sh' };
const options = { signal: new AbortController().signal, hostKeys: { files: [], acceptNew: false } };
const local = createLocalTransport({ env: { PATH: process.env.PATH } });

conformance('local', async () => ({
  connect: () => local.connect(target, options),
  cut: async (pid) => {
    process.kill(-pid, 'SIGKILL');
  },
  afterCut: { kind: 'exit', code: 137, signal: 'SIGKILL' },
}));

describe('a local command', () => {
  test('sees the environment it is given and nothing else', async () => {
    const connection = await createLocalTransport({ env: { PATH: '/usr/bin:/bin', GREETING: 'hi' } }).connect(
      target,
      options,
    );
    const { stdout } = await talk(connection, 'env | grep -v "^\\(PWD\\|OLDPWD\\|SHLVL\\|_\\)=" | sort');
    await connection.close();
    expect(stdout.toString()).toBe('GREETING=hi\nPATH=/usr/bin:/bin\n');
  });

  test('starts in the directory it is given', async () => {
    const connection = await createLocalTransport({ env: {}, cwd: '/usr' }).connect(target, options);
    const { stdout } = await talk(connection, 'pwd');
    await connection.close();
    expect(stdout.toString()).toBe('/usr\n');
  });

  test('that cannot be started is a problem, not a crash', async () => {
    const connection = await createLocalTransport({ env: {}, cwd: '/no/such/place' }).connect(target, options);
    const { code, message, exit } = await refused(talk(connection, 'pwd'));
    await connection.close();
    expect({ code, exit }).toEqual({ code: 'E_LOCAL_START', exit: 4 });
    expect(message).toContain('localhost: a shell cannot be started on this machine');
  });

  test('has a process group of its own', async () => {
    const connection = await local.connect(target, options);
    const { stdout } = await talk(connection, 'echo $$; cut -d" " -f5 /proc/$$/stat');
    await connection.close();
    const [pid, group] = stdout.toString().trim().split('\n');
    expect(group).toBe(pid);
  });

  test('leaves no pipe in the temporary directory', async () => {
    const pipes = (): string[] => readdirSync(tmpdir()).filter((name) => /^play-[A-Za-z0-9]{6}$/.test(name));
    const connection = await local.connect(target, options);
    await talk(connection, ':');
    await connection.close();
    const unused = await local.connect(target, options);
    await unused.close();
    expect(pipes()).toEqual([]);
  });

  test('is not started when the run was cancelled', async () => {
    const { code, exit } = await refused(local.connect(target, { ...options, signal: AbortSignal.abort() }));
    expect({ code, exit }).toEqual({ code: 'E_CONNECT_CANCELLED', exit: 130 });
  });
});
