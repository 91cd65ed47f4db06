import type { ConnectOptions, Target, Transport } from '../model/transport.ts';
import { ProblemError } from '../problems/problem.ts';
import { type Connections, type ConnectionsOptions, createConnections } from './connections.ts';
import { type EventBody, type HostRun, noCounts } from './context.ts';
import { createLink } from './link.ts';

/** What all hosts of a run have in common. */
export interface HostRunsOptions extends ConnectionsOptions {
  transports: { of(name: Target['transport']): Transport };
  connect: ConnectOptions;
  localUser: string;
  diff: boolean;
  now: () => number;
  random: (bytes: number) => Buffer;
  emit(event: EventBody): void;
}

/** Hosts as they are first asked for. `hostRun` throws ProblemError when a host's connection settings are wrong. */
export function createHostRuns(options: HostRunsOptions): {
  hosts: ReadonlyMap<string, HostRun>;
  hostRun(name: string): HostRun;
} {
  const connections = createConnections(options);
  const hosts = new Map<string, HostRun>();
  const hostRun = (name: string): HostRun => {
    let host = hosts.get(name);
    if (!host) {
      host = makeHostRun(name, options, connections);
      hosts.set(name, host);
    }
    return host;
  };
  return { hosts, hostRun };
}

function makeHostRun(name: string, options: HostRunsOptions, connections: Connections): HostRun {
  const { emit } = options;
  const { target, become, problems, host, values, builtin } = connections.of(name);
  if (problems.length > 0) throw new ProblemError(problems);
  const link = createLink({
    target,
    transport: options.transports.of(target.transport),
    connect: options.connect,
    diff: options.diff,
    now: options.now,
    random: options.random,
    connecting: () => emit({ type: 'host-connecting', host: name }),
    connected: (ms) => emit({ type: 'host-connected', host: name, ms }),
    note: (message) => emit({ type: 'note', host: name, message }),
  });
  return {
    host,
    values,
    link,
    address: target.address,
    user: target.transport === 'local' ? options.localUser : target.user,
    become,
    becomePassword: target.becomePassword,
    state: 'live',
    causes: [],
    notified: new Map(),
    maybeNotified: new Map(),
    counts: noCounts(),
    exits: new Set(),
    builtin,
  };
}
