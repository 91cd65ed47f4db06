import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, type AccountOptions, addAccount, removeAccount } from './accounts.ts';
import { type Fixtures, fixtures } from './fixtures.ts';
import { descendants, killAll, sessionProcesses, signal } from './processes.ts';
import { eventually, must, type Ran, run } from './run.ts';
import { rigPrefix, sweep } from './sweep.ts';

/** Kinds of keys that a server or a user can have. */
export type KeyType = 'ed25519' | 'rsa' | 'ecdsa';

/** What the server should be like. */
export interface SshdOptions {
  /** How many hosts it plays: each has an address of its own in 127.0.0.0/8, all have the same port. One when not said. */
  hosts?: number;
  /** A free one when not said. */
  port?: number;
  /** Users to make, by nickname, one called `app` when not said; `rig.accounts.app.name` is the real name. Needs root. */
  accounts?: Record<string, AccountOptions>;
  /** Kinds of host keys to offer; ed25519 when not said. */
  hostKeys?: KeyType[];
  /** The key pair that every account accepts. */
  key?: { type?: KeyType; passphrase?: string };
  /** A command that starts the server in its turn (`ip netns exec …`), as the same process: it then lives where that says. */
  within?: string[];
  /** Lines of sshd_config; they replace the rig's own settings of that name: `{ MaxSessions: '1' }`. */
  settings?: Record<string, string>;
}

/** A running server, and all that is needed to reach it. Paths are below `dir`. */
export interface Rig extends Fixtures {
  dir: string;
  port: number;
  addresses: string[];
  /** The first of the accounts; all of them can log in with `key`. */
  user: string;
  accounts: Record<string, Account>;
  /** Private key file, and its public line. */
  key: string;
  publicKey: string;
  /** What the server wrote to its log so far. */
  log(): string;
  /** Runs the system's ssh: `rig.ssh('web1', 'id -un')`, `rig.ssh('app@web2', …)`. */
  ssh(host: string, command: string, input?: string): Promise<Ran>;
  /** Stops listening and ends all sessions, as a machine does that goes down. */
  down(): Promise<void>;
  /** Listens again on the same port. With `newHostKeys` it is another machine; the fixtures then hold the new keys. */
  up(options?: { newHostKeys?: boolean }): Promise<void>;
  /** Ends all sessions by force; the server goes on listening. */
  dropSessions(): Promise<void>;
  /** Ends everything and removes users, sudo rights and files. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Two of the same address would be one host; the third part changes so that many fit. */
function addressList(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `127.20.${Math.floor(i / 250)}.${(i % 250) + 1}`);
}

/** Below the range that outgoing connections use, or a client of another test could hold it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_240 + Math.floor(Math.random() * 22_000);
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen({ port, host: '127.0.0.1' }, () => resolve(true));
    });
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

async function makeKey(file: string, type: KeyType, passphrase = ''): Promise<string> {
  const bits = type === 'rsa' ? ['-b', '2048'] : [];
  await rm(file, { force: true });
  await rm(`${file}.pub`, { force: true });
  await must('ssh-keygen', ['-q', '-t', type, ...bits, '-N', passphrase, '-C', 'play test rig', '-f', file]);
  return readFileSync(`${file}.pub`, 'utf8').trim();
}

async function serverConfig(dir: string, port: number, types: KeyType[], own: Record<string, string>): Promise<string> {
  const settings: Record<string, string> = {
    UsePAM: 'no',
    UseDNS: 'no',
    StrictModes: 'no',
    PermitRootLogin: 'yes',
    PasswordAuthentication: 'no',
    KbdInteractiveAuthentication: 'no',
    AuthorizedKeysFile: join(dir, 'authorized_keys'),
    MaxStartups: '1000',
    MaxSessions: '100',
    MaxAuthTries: '20',
    PrintMotd: 'no',
    PrintLastLog: 'no',
    LogLevel: 'VERBOSE',
    Subsystem: 'sftp internal-sftp',
    PidFile: 'none',
  };
  // Newer servers shut out an address that fails often, and all tests come from one address. Older ones do not know the word.
  const version = /OpenSSH_(\d+)\.(\d+)/.exec((await run('ssh', ['-V'])).stderr);
  if (version && Number(version[1]) * 100 + Number(version[2]) >= 908) settings.PerSourcePenalties = 'no';
  const lines = Object.entries({ ...settings, ...own }).map(([name, value]) => `${name} ${value}`);
  // sshd takes 16 listen addresses at most, a rig has hundreds of hosts. `rdomain lo` binds the socket to the loopback
  // interface, so one socket serves all of 127.0.0.0/8 and nothing from outside reaches it.
  lines.push(`Port ${port}`, 'ListenAddress 0.0.0.0 rdomain lo');
  for (const type of types) lines.push(`HostKey ${join(dir, `host_${type}`)}`);
  return `${lines.join('\n')}\n`;
}

/** Starts a real OpenSSH server on the loopback interface. Always `stop()` it (or `await using`): it may have made users. */
export async function startSshd(options: SshdOptions = {}): Promise<Rig> {
  await sweep();
  // sshd's own directory for privilege separation; a service manager makes it, and there may be none.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const dir = await mkdtemp(join(tmpdir(), rigPrefix(process.pid)));
  await chmod(dir, 0o755);
  const types = options.hostKeys ?? ['ed25519'];
  const addresses = addressList(options.hosts ?? 1);
  const accounts: Record<string, Account> = {};
  const key = join(dir, 'id');
  const hostKeys: string[] = [];
  const logFile = join(dir, 'sshd.log');
  const log = (): string => readFileSync(logFile, 'utf8');
  let port = options.port ?? (await freePort());
  // Once clients know the port it must not change any more.
  let fixed = options.port !== undefined;
  let server: ReturnType<typeof spawn> | undefined;

  const makeHostKeys = async (): Promise<void> => {
    const made = await Promise.all(types.map((type) => makeKey(join(dir, `host_${type}`), type)));
    hostKeys.splice(0, hostKeys.length, ...made.map((line) => line.split(' ').slice(0, 2).join(' ')));
  };

  const listen = async (): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      const config = join(dir, 'sshd_config');
      writeFileSync(config, await serverConfig(dir, port, types, options.settings ?? {}));
      const before = log().length;
      const [program = '', ...args] = [...(options.within ?? []), '/usr/sbin/sshd', '-D', '-f', config, '-E', logFile];
      const child = spawn(program, args, { stdio: 'ignore' });
      let ended = false;
      child.once('error', () => {
        ended = true;
      });
      child.once('exit', () => {
        ended = true;
      });
      const up = await eventually('sshd listening', 10_000, () => {
        if (log().slice(before).includes('Server listening on')) return true;
        return ended ? false : undefined;
      });
      if (up) {
        server = child;
        writeFileSync(join(dir, 'server.json'), JSON.stringify({ pid: child.pid, port }));
        return;
      }
      const busy = /Address already in use/.test(log().slice(before));
      if (!busy || fixed || attempt === 20) throw new Error(`sshd did not start:\n${log()}`);
      port = await freePort();
    }
  };

  const family = (): number[] => [...(server?.pid ? descendants(server.pid) : []), ...sessionProcesses(port)];

  const down = async (): Promise<void> => {
    const listener = server;
    if (listener?.pid && listener.exitCode === null && listener.signalCode === null) {
      const children = descendants(listener.pid);
      const gone = once(listener, 'exit');
      listener.kill('SIGKILL');
      await gone;
      signal(children, 'SIGKILL');
    }
    server = undefined;
    await killAll(() => sessionProcesses(port));
  };

  const removeAll = async (): Promise<void> => {
    try {
      await down();
      for (const { name, uid } of Object.values(accounts)) await removeAccount(name, uid);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  };
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= removeAll();
    return stopped;
  };

  try {
    writeFileSync(logFile, '');
    const publicKey = await makeKey(key, options.key?.type ?? 'ed25519', options.key?.passphrase);
    writeFileSync(join(dir, 'authorized_keys'), `${publicKey}\n`);
    await makeHostKeys();
    const homes = join(dir, 'home');
    await mkdir(homes, { mode: 0o755 });
    const tag = randomBytes(3).toString('hex');
    // Never root: what its startup files do to a session that is killed is the machine's own affair, and lasts.
    for (const [nickname, account] of Object.entries(options.accounts ?? { app: {} })) {
      accounts[nickname] = await addAccount(`playtest${tag}${nickname}`, homes, account);
    }
    const user = Object.values(accounts)[0]?.name ?? '';
    await listen();
    fixed = true;
    const given = fixtures({ dir, port, addresses, user, key, hostKeys });
    return {
      ...given,
      dir,
      port,
      addresses,
      user,
      accounts,
      key,
      publicKey,
      log,
      ssh: (host, command, input) => run('ssh', ['-F', given.sshConfigFile(), host, command], input),
      down,
      up: async ({ newHostKeys } = {}) => {
        if (newHostKeys) await makeHostKeys();
        await listen();
      },
      dropSessions: () => killAll(family),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
