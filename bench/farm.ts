import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FaultProxy, startProxy } from '../test/rig/proxy.ts';
import { type Rig, startSshd } from '../test/rig/sshd.ts';

/** The hosts that the work is done on: one sshd, many addresses, one user without any shell profile. */
export interface Farm {
  rig: Rig;
  user: string;
  /** Directory on the hosts; each host works in `base/NAME`. */
  base: string;
  /** A home directory for the clients: known_hosts, caches, state. */
  home: string;
  /** A server in front of web1 that is 50 ms of round trip away. */
  distant: FaultProxy;
  names(hosts: number): string[];
  inventory(hosts: number, options?: { distant?: boolean; vars?: Record<string, string | number> }): string;
  sshConfig(options?: { distant?: boolean }): string;
  /** Puts the directories of the first hosts back to how they were before any run. */
  reset(hosts: number): void;
  /** Ends what the last client left connected. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

/** Files that are there before the first run: path → text and mode. */
export const seeds: Record<string, { text: string; mode: number }> = {
  'secret.key': { text: 'not really a key\n', mode: 0o644 },
  'sshd.conf': {
    text: 'Port 22\nListenAddress 0.0.0.0\n#PermitRootLogin prohibit-password\nMaxAuthTries 6\nX11Forwarding no\n',
    mode: 0o644,
  },
  'limits.conf': {
    text: '# domain type item value\n* soft nofile 1024\n* hard nofile 4096\n* soft nproc 2048\n',
    mode: 0o644,
  },
  hosts: { text: '127.0.0.1 localhost\n::1 localhost ip6-localhost\n', mode: 0o644 },
};

/** Starts a server for so many hosts. Needs root, for the user it makes. */
export async function startFarm(hosts: number): Promise<Farm> {
  const rig = await startSshd({
    hosts,
    accounts: { bench: { shell: '/bin/sh' } },
    settings: { LogLevel: 'INFO', PrintMotd: 'no', MaxStartups: '1000', MaxSessions: '100' },
  });
  const account = rig.accounts.bench;
  const first = rig.addresses[0];
  if (account === undefined || first === undefined) throw new Error('the farm has no user or no host');
  const distant = await startProxy({ host: first, target: { host: first, port: rig.port } });
  distant.delay(25);
  // In the rig's own directory, which is removed with it, whatever happens.
  const base = join(rig.dir, 'work');
  mkdirSync(base, { mode: 0o755 });
  const home = join(rig.dir, 'client');
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, '.ssh/known_hosts'), rig.knownHosts() + rig.knownHosts(distant.port));
  const through = (far = false) => (far ? { user: account.name, port: distant.port } : { user: account.name });
  return {
    rig,
    user: account.name,
    base,
    home,
    distant,
    names: (count) => rig.names.slice(0, count),
    inventory: (count, { distant: far, vars } = {}) =>
      rig.inventoryFile({ ...through(far), hosts: count, vars: { base, ...vars } }),
    sshConfig: ({ distant: far } = {}) => rig.sshConfigFile(through(far)),
    reset(count) {
      for (const name of rig.names.slice(0, count)) {
        const dir = join(base, name);
        rmSync(dir, { recursive: true, force: true });
        mkdirSync(dir, { mode: 0o755 });
        chownSync(dir, account.uid, account.gid);
        for (const [file, { text, mode }] of Object.entries(seeds)) {
          writeFileSync(join(dir, file), text);
          chmodSync(join(dir, file), mode);
          chownSync(join(dir, file), account.uid, account.gid);
        }
      }
    },
    quiet: () => rig.dropSessions(),
    async stop() {
      await distant.stop();
      await rig.stop();
    },
  };
}
