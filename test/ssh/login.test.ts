import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthContext } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, must, run } from '../rig/run.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';
import { refused, talk } from '../transports/talk.ts';
import { startLoneServer } from './lone-server.ts';
import { reach, type Wanted } from './reachable.ts';

let rig: Rig;
let dir: string;
let home: string;
let locked: string;
beforeAll(async () => {
  rig = await startSshd({
    accounts: { app: {}, alice: { password: 'correct horse' } },
    settings: { PasswordAuthentication: 'yes' },
  });
  dir = mkdtempSync(join(tmpdir(), 'play-login-'));
  home = join(dir, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true });
  // The rig's key once more, with a passphrase.
  locked = join(dir, 'locked');
  copyFileSync(rig.key, locked);
  chmodSync(locked, 0o600);
  await must('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', locked]);
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await rig?.stop();
});

const newKey = async (name: string): Promise<string> => {
  const file = join(dir, name);
  await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  return file;
};
const app = (): string => rig.accounts['app']?.name ?? '';
const alice = (): string => rig.accounts['alice']?.name ?? '';
/** No key but what a test gives. */
const bare = { keys: [] };

async function getsIn(wanted: Wanted): Promise<void> {
  const connection = await reach(rig, wanted);
  expect((await talk(connection, 'echo in')).stdout.toString()).toBe('in\n');
  await connection.close();
}

describe('logging in', () => {
  test('works with a password', () => getsIn({ target: { ...bare, user: alice(), password: 'correct horse' } }));

  test('works with the second of two keys', async () => {
    await getsIn({ target: { keys: [await newKey('useless'), rig.key] } });
  });

  test('works with a key that has a passphrase, when it is given', () =>
    getsIn({ target: { keys: [locked], passphrase: 'open sesame' } }));

  test('works with a key that has a passphrase, asked for once for all hosts', async () => {
    const asked: string[] = [];
    const ask = async (question: string, { echo }: { echo: boolean }): Promise<string> => {
      asked.push(`${question}${echo ? 'shown' : 'hidden'}`);
      return 'open sesame';
    };
    await getsIn({ target: { keys: [locked] }, options: { ask } });
    expect(asked).toEqual([`Passphrase for key ${locked}: hidden`]);
  });

  test('tries the keys of ~/.ssh when nothing was said', async () => {
    copyFileSync(rig.key, join(home, '.ssh', 'id_rsa'));
    chmodSync(join(home, '.ssh', 'id_rsa'), 0o600);
    await getsIn({ target: bare, settings: { home } });
    rmSync(join(home, '.ssh', 'id_rsa'));
  });

  test('passes over a key of ~/.ssh that does not open, and says so', async () => {
    copyFileSync(locked, join(home, '.ssh', 'id_ed25519'));
    chmodSync(join(home, '.ssh', 'id_ed25519'), 0o600);
    const notes: string[] = [];
    const options = { note: (message: string) => notes.push(message) };
    const { code, message } = await refused(reach(rig, { target: bare, settings: { home }, options }));
    expect(code).toBe('E_AUTH_FAILED');
    expect(message).toContain('there was nothing to log in with');
    expect(notes.join()).toContain(`${home}/.ssh/id_ed25519 needs a passphrase`);
    rmSync(join(home, '.ssh', 'id_ed25519'));
  });
});

describe('a login that is refused', () => {
  test('lists what was tried and what the server takes', async () => {
    const key = await newKey('wrong');
    const { code, message, hint, exit } = await refused(reach(rig, { target: { keys: [key] } }));
    expect({ code, exit }).toEqual({ code: 'E_AUTH_FAILED', exit: 7 });
    expect(message).toBe(
      `web1: ${rig.addresses[0]}:${rig.port} does not let ${app()} in ` +
        `(tried: key ${key}; the server takes: publickey, password)`,
    );
    expect(hint).toContain('ansible_user');
  });

  test('sends a wrong password once and no more', async () => {
    const before = rig.log().length;
    const target = { ...bare, user: alice(), password: 'wrong' };
    const { code, message } = await refused(reach(rig, { target }));
    expect(code).toBe('E_AUTH_FAILED');
    expect(message).toContain('(tried: password; the server takes: publickey, password)');
    expect(message).not.toContain('wrong');
    const attempts =
      rig
        .log()
        .slice(before)
        .match(/Failed password for/g) ?? [];
    expect(attempts).toHaveLength(1);
  });

  test('is not tried again over another connection', async () => {
    await using server = await startLoneServer({ onAuth: (attempt) => attempt.reject(['password']) });
    const target = { ...bare, address: '127.0.0.1', port: server.port, password: 'x' };
    await refused(reach(rig, { target, options: { hostKeys: { files: [join(dir, 'kh1')], acceptNew: true } } }));
    expect(server.connections).toBe(1);
    expect(server.attempts).toEqual(['password']);
  });

  test('says what the server said when it hangs up', async () => {
    const strict = await startSshd({ accounts: { app: {} }, settings: { MaxAuthTries: '1' } });
    try {
      const keys = [await newKey('first'), await newKey('second')];
      const { code, message } = await refused(reach(strict, { target: { keys } }));
      expect(code).toBe('E_AUTH_FAILED');
      expect(message).toContain('the server said: Too many authentication failures');
    } finally {
      await strict.stop();
    }
  });

  test('when there is nothing to try', async () => {
    const { code, message, hint } = await refused(reach(rig, { target: bare }));
    expect(code).toBe('E_AUTH_FAILED');
    expect(message).toContain('there was nothing to log in with');
    expect(hint).toContain('ssh-agent');
  });
});

describe('a server that asks', () => {
  const asking = (answer: (attempt: AuthContext) => void) =>
    startLoneServer({
      onAuth: (attempt) => {
        if (attempt.method === 'keyboard-interactive') answer(attempt);
        else attempt.reject(['keyboard-interactive']);
      },
    });
  const to = (port: number, options: Wanted['options'] = {}): Wanted => ({
    target: { ...bare, address: '127.0.0.1', port, password: 'pw' },
    options: { hostKeys: { files: [join(dir, 'kh2')], acceptNew: true }, ...options },
  });

  test('for the password gets it once', async () => {
    const answers: string[][] = [];
    await using server = await asking((attempt) => {
      if (attempt.method !== 'keyboard-interactive') return;
      attempt.prompt([{ prompt: 'Password: ', echo: false }], (given) => {
        answers.push(given);
        attempt.prompt([{ prompt: 'Password: ', echo: false }], (again) => {
          answers.push(again);
          attempt.reject(['keyboard-interactive']);
        });
      });
    });
    const { code, message } = await refused(reach(rig, to(server.port)));
    expect(code).toBe('E_AUTH_FAILED');
    expect(message).toContain('the server asks "Password:" and there is no terminal to answer on');
    expect(answers).toEqual([['pw'], []]);
  });

  test('for a code as well has a person asked', async () => {
    const answers: string[][] = [];
    await using server = await asking((attempt) => {
      if (attempt.method !== 'keyboard-interactive') return;
      const prompts = [
        { prompt: 'Password: ', echo: false },
        { prompt: 'Code: ', echo: true },
      ];
      attempt.prompt(prompts, (given) => {
        answers.push(given);
        attempt.accept();
      });
    });
    const ask = async (question: string): Promise<string> => (question === 'Code: ' ? '123456' : '?');
    const connection = await reach(rig, to(server.port, { ask }));
    await connection.close();
    expect(answers).toEqual([['pw', '123456']]);
  });
});

describe('a key file', () => {
  const fault = async (path: string, target: Wanted['target'] = {}) => {
    // A closed port would say so: the file is looked at before anything is contacted.
    const { code, message, hint, exit } = await refused(reach(rig, { target: { port: 1, keys: [path], ...target } }));
    expect({ code, exit }).toEqual({ code: 'E_KEY_FILE', exit: 7 });
    return { message, hint };
  };
  const file = (name: string, text: string, mode = 0o600): string => {
    const path = join(dir, name);
    writeFileSync(path, text, { mode });
    return path;
  };

  test('that does not exist', async () => {
    const path = join(dir, 'not-there');
    expect((await fault(path)).message).toBe(`web1: the key file ${path} does not exist`);
  });

  test('that others can read', async () => {
    const path = await newKey('readable');
    chmodSync(path, 0o644);
    const { message, hint } = await fault(path);
    expect(message).toBe(`web1: the key file ${path} can be read by others (mode 0644)`);
    expect(hint).toBe(`chmod 600 ${path}`);
  });

  test('with a passphrase that nobody gave', async () => {
    const { message, hint } = await fault(locked);
    expect(message).toBe(`web1: the key file ${locked} needs a passphrase`);
    expect(hint).toContain(`ssh-add ${locked}`);
  });

  test('with another passphrase', async () => {
    const { message } = await fault(locked, { passphrase: 'wrong' });
    expect(message).toBe(`web1: the key file ${locked} does not open with this passphrase`);
    expect(message).not.toContain('wrong');
  });

  test('that is the public half', async () => {
    const key = await newKey('halves');
    chmodSync(`${key}.pub`, 0o600);
    const { message, hint } = await fault(`${key}.pub`);
    expect(message).toBe(`web1: the key file ${key}.pub is a public key`);
    expect(hint).toBe(`use the private half: ${key}`);
  });

  test.each([
    ['empty', ''],
    ['text', 'hello\n'],
    ['cut off', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n'],
    ['binary', '\0\u0001\u0002'],
  ])('that is %s', async (name, text) => {
    const path = file(name, text);
    expect((await fault(path)).message).toContain(`web1: the key file ${path} is not a private key that play can read`);
  });

  test('that is a directory', async () => {
    mkdirSync(join(dir, 'folder'), { mode: 0o700 });
    expect((await fault(join(dir, 'folder'))).message).toContain('cannot be read (EISDIR');
  });
});

describe('the agent', () => {
  let agent: ChildProcess;
  let socket: string;
  beforeAll(async () => {
    socket = join(dir, 'agent');
    agent = spawn('/bin/sh', ['-c', 'exec ssh-agent -D -a "$0"', socket], { stdio: 'ignore' });
    await eventually('the agent', 10_000, () => (existsSync(socket) ? true : undefined));
    const added = await run('/bin/sh', ['-c', `SSH_AUTH_SOCK=${socket} ssh-add -q ${rig.key}`]);
    expect(added.rc).toBe(0);
  });
  afterAll(() => {
    agent.kill();
  });

  test('signs', () => getsIn({ target: bare, settings: { agent: socket } }));

  test('signs after a key that was given did not work', async () => {
    await getsIn({ target: { keys: [await newKey('other')] }, settings: { agent: socket } });
  });

  test('that is gone is named, when nothing else works', async () => {
    const notes: string[] = [];
    const { code, message, exit } = await refused(
      reach(rig, {
        target: bare,
        settings: { agent: join(dir, 'nobody') },
        options: { note: (text) => notes.push(text) },
      }),
    );
    expect({ code, exit }).toEqual({ code: 'E_AGENT', exit: 7 });
    expect(message).toBe(
      `web1: the ssh-agent cannot be used (nothing answers at ${join(dir, 'nobody')}), and there is nothing else to log in with`,
    );
    expect(notes).toEqual([`ssh-agent: nothing answers at ${join(dir, 'nobody')}; going on without it`]);
  });

  test('that hangs is given up, and the rest is tried', async () => {
    const silent = join(dir, 'silent');
    const sockets: Socket[] = [];
    const server = createServer((one) => sockets.push(one));
    server.listen(silent);
    await once(server, 'listening');
    copyFileSync(rig.key, join(home, '.ssh', 'id_ecdsa'));
    chmodSync(join(home, '.ssh', 'id_ecdsa'), 0o600);
    const notes: string[] = [];
    await getsIn({
      target: bare,
      settings: { agent: silent, agentDeadline: 200, home },
      options: { note: (text) => notes.push(text) },
    });
    expect(notes).toEqual(['ssh-agent: the agent does not answer within 0.2 s; going on without it']);
    for (const one of sockets) one.destroy();
    server.close();
    rmSync(join(home, '.ssh', 'id_ecdsa'));
  });
});
