import type { ConnectOptions, Target, Transport } from '../model/transport.ts';
import { ProblemError } from '../problems/problem.ts';
import type { Nonces } from '../program/bootstrap.ts';
import { type ConnectionsOptions, createConnections, type Reachable } from './connections.ts';
import { type EventBody, type HostRun, noCounts, type RunContext } from './context.ts';
import { createLink, type Link } from './link.ts';
import { makeNonces } from './session.ts';
import { createTurns, type Slots } from './slots.ts';

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
  const turns = createTurns();
  let spares = 0;
  const nonces = sharedNonces(options.random);
  const hostRun: RunContext['hostRun'] = (name, defaults = {}) => {
    const reachable = connections.of(name, defaults);
    if (reachable.problems.length > 0) throw new ProblemError(reachable.problems);
    const { target } = reachable;
    const host = hosts.get(name) ?? makeHostRun(reachable);
    const key = JSON.stringify(target);
    const link = host.links.get(key) ?? linkTo(target, options, nonces(target));
    host.links.set(key, link);
    const user = target.transport === 'local' ? options.localUser : target.user;
    const slots = options.transports.of(target.transport).spreads ? turns : options.slots;
    const ready = Object.assign(host, { link, user, target, slots, address: target.address });
    hosts.set(name, ready);
    return ready;
  };
  const spareLink: RunContext['spareLink'] = ({ target, links }) => {
    const own = nonces(target);
    const link = linkTo(target, options, own);
    const key = `spare ${spares++}`;
    // Interrupts reach it there.
    links.set(key, link);
    const close = (): Promise<void> => {
      links.delete(key);
      return link.close().finally(own.free);
    };
    return { ...link, close };
  };
  return { hosts, hostRun, spareLink };
}

/** Secrets that links to different hosts have in common. */
interface Shared {
  get(): Nonces;
  /** The link is gone, and another one to the same host may have them. */
  free(): void;
}

/**
 * Hosts that are sent the same have the same secrets, and links to one host never: directories and temp files there are named by them. So the
 * second link to any host shares with the second ones to others.
 */
function sharedNonces(random: (bytes: number) => Buffer): (target: Target) => Shared {
  const sets: Nonces[] = [];
  const taken = new Map<string, Set<number>>();
  return ({ address, ssm }) => {
    const place = ssm?.instance ?? address;
    const numbers = taken.get(place) ?? new Set();
    taken.set(place, numbers);
    let number = 0;
    while (numbers.has(number)) number++;
    numbers.add(number);
    return {
      get() {
        const nonces = sets[number] ?? makeNonces(random);
        sets[number] = nonces;
        return nonces;
      },
      free() {
        numbers.delete(number);
      },
    };
  };
}

function linkTo(target: Target, options: HostRunsOptions, nonces: Shared): Link {
  const { emit } = options;
  const { name } = target;
  return createLink({
    target,
    transport: options.transports.of(target.transport),
    connect: options.connect,
    diff: options.diff,
    now: options.now,
    random: options.random,
    nonces: nonces.get,
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
