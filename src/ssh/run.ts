import { join } from 'node:path';
import type { ConnectOptions, Pace } from '../model/transport.ts';
import { type AgentStore, createAgentStore } from './agent.ts';
import { type Deadlines, defaultDeadlines } from './clock.ts';
import type { Resolve } from './dial.ts';
import type { Keepalive } from './handshake.ts';
import type { LocalUser } from './host-settings.ts';
import { createKeyStore, type KeyStore } from './keys.ts';
import { loadSsh2, type Ssh2 } from './library.ts';
import { createPace } from './paced.ts';
import { createQueue, type Queue } from './queue.ts';
import { readSshConfig, type SshConfig } from './ssh-config.ts';
import { createTrustStore, type TrustStore } from './trust-store.ts';

/** What SSH takes from its surroundings. */
export interface SshSettings extends LocalUser {
  /** Number of the user that play runs as. */
  uid?: number | undefined;
  /** $SSH_AUTH_SOCK. */
  agent?: string | undefined;
  deadlines?: Partial<Deadlines>;
  /** 15 s and 3 unless said: a dead peer is noticed within 45 s. */
  keepalive?: Keepalive;
  /** Milliseconds that an agent may take to list its keys (5 s). */
  agentDeadline?: number;
  /** Milliseconds before the first retry of a dropped connection (300); doubled for the second, and up to as much again by chance. */
  retryDelay?: number;
  resolve?: Resolve;
}

/** What the connections of one run share: each file is read, each question asked and each agent listed once. */
export interface SshRun {
  local: LocalUser;
  deadlines: Deadlines;
  keepalive: Keepalive;
  retryDelay: number;
  resolve?: Resolve;
  ssh2(): Promise<Ssh2>;
  keys: KeyStore;
  agent?: AgentStore;
  trust: TrustStore;
  /** Questions to a person. */
  inTurn: Queue;
  pace: Pace;
  /** The ssh_config file, or ~/.ssh/config when undefined. Throws ProblemError E_SSH_CONFIG. */
  config(file: string | undefined): Promise<SshConfig>;
  /** Passes a note on the first time it comes up. */
  note(to: ConnectOptions['note'], message: string): void;
}

/** An agent may have to wait for a touch or a click of a person before it signs. */
const signDeadline = 20_000;

/** Makes what the connections of one run share. Reads nothing yet. */
export function createSshRun(settings: SshSettings): SshRun {
  const { home, user, uid, agent, agentDeadline = 5_000, resolve } = settings;
  let library: Promise<Ssh2> | undefined;
  const ssh2 = (): Promise<Ssh2> => {
    library ??= loadSsh2();
    return library;
  };
  const configs = new Map<string, Promise<SshConfig>>();
  const noted = new Set<string>();
  return {
    local: { home, user },
    deadlines: { ...defaultDeadlines, ...settings.deadlines },
    keepalive: settings.keepalive ?? { interval: 15_000, count: 3 },
    retryDelay: settings.retryDelay ?? 300,
    ...(resolve && { resolve }),
    ssh2,
    keys: createKeyStore(ssh2, uid),
    ...(agent && { agent: createAgentStore(agent, { list: agentDeadline, sign: signDeadline }, ssh2) }),
    trust: createTrustStore(),
    inTurn: createQueue(),
    pace: createPace(),
    config(file) {
      const path = file ?? join(home, '.ssh', 'config');
      const config = configs.get(path) ?? readSshConfig(path, { home, required: file !== undefined });
      configs.set(path, config);
      return config;
    },
    note(to, message) {
      if (noted.has(message)) return;
      noted.add(message);
      to?.(message);
    },
  };
}
