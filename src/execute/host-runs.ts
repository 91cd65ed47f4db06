import type { ConnectOptions, Target, Transport } from '../model/transport.ts';
import { ProblemError } from '../problems/problem.ts';
import type { Nonces } from '../program/bootstrap.ts';
import { type ConnectionsOptions, createConnections, type Reachable } from './connections.ts';
import { type EventBody, type HostRun, noCounts, type RunContext } from './context.ts';
import { createLink, type Link } from './link.ts';
import { makeNonces } from './session.ts';
import { type Slots, unlimited } from './slots.ts';

/** What all hosts of a run have in common. */
export interface HostRunsOptions extends ConnectionsOptions {
  transports: { of(name: Target['transport']): Transport };
  connect: ConnectOptions;
  localUser: string;
  slots: Slots;
  diff: boolean;
  now: () => number;
  random: (bytes: number) => Buffer;
  emit(event: EventBody): void;
}

/**
 * Hosts as they are first asked for. `hostRun` throws ProblemError when a host's connection settings are wrong. A host that plays reach in
 * different ways has a link for each, and the one of the last call is in use: plays follow one another.
 */
export function createHostRuns(options: HostRunsOptions): {
  hosts: ReadonlyMap<string, HostRun>;
  hostRun: RunContext['hostRun'];
  spareLink: RunContext['spareLink'];
} {
  const connections = createConnections(options);
  const hosts = new Map<string, HostRun>();
  let spares = 0;
  let shared: Nonces | undefined;
  const nonces = (): Nonces => {
    shared ??= makeNonces(options.random);
    return shared;
  };
  const hostRun: RunContext['hostRun'] = (name, defaults = {}) => {
    const reachable = connections.of(name, defaults);
    if (reachable.problems.length > 0) throw new ProblemError(reachable.problems);
    const { target } = reachable;
    const host = hosts.get(name) ?? makeHostRun(reachable);
    const key = JSON.stringify(target);
    const link = host.links.get(key) ?? linkTo(target, options, nonces);
    host.links.set(key, link);
    const user = target.transport === 'local' ? options.localUser : target.user;
    const slots = options.transports.of(target.transport).spreads ? unlimited : options.slots;
    const ready = Object.assign(host, { link, user, target, slots, address: target.address });
    hosts.set(name, ready);
    return ready;
  };
  const spareLink: RunContext['spareLink'] = ({ target, links }) => {
    const link = linkTo(target, options, nonces);
    const key = `spare ${spares++}`;
    // Interrupts reach it there.
    links.set(key, link);
    const close = (): Promise<void> => {
      links.delete(key);
      return link.close();
    };
    return { ...link, close };
  };
  return { hosts, hostRun, spareLink };
}

function linkTo(target: Target, options: HostRunsOptions, nonces: () => Nonces): Link {
  const { emit } = options;
  const { name } = target;
  return createLink({
    target,
    transport: options.transports.of(target.transport),
    connect: options.connect,
    diff: options.diff,
    now: options.now,
    random: options.random,
    nonces,
    connecting: () => emit({ type: 'host-connecting', host: name }),
    connected: (ms) => emit({ type: 'host-connected', host: name, ms }),
    note: (message) => emit({ type: 'note', host: name, message }),
  });
}

function makeHostRun({
  target,
  become,
  host,
  values,
  builtin,
}: Reachable): Omit<HostRun, 'link' | 'user' | 'target' | 'slots' | 'address'> {
  return {
    host,
    values,
    links: new Map(),
    become,
    becomePassword: target.becomePassword,
    state: 'live',
    causes: new Set(),
    notified: new Map(),
    maybeNotified: new Map(),
    counts: noCounts(),
    exits: new Set(),
    builtin,
    kept: new Map(),
  };
}
