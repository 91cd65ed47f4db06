import { toTarget } from '../inventory/target.ts';
import type { Definition, Host, Inventory } from '../model/inventory.ts';
import type { ConnectOptions, Target, Transport } from '../model/transport.ts';
import type { Value } from '../model/value.ts';
import { ProblemError } from '../problems/problem.ts';
import { createScope, type HostValues } from '../render/scope.ts';
import type { TextCompiler, ValueTemplate } from '../template/text-compiler.ts';
import { type EventBody, type HostRun, noCounts } from './context.ts';
import { createLink } from './link.ts';
import { inventoryNames } from './run.ts';

/** What all hosts of a run have in common. */
export interface HostRunsOptions {
  inventory: Inventory;
  transports: { of(name: Target['transport']): Transport };
  /** From the command line; wins over the inventory. */
  overrides: Partial<Omit<Target, 'name'>>;
  connect: ConnectOptions;
  /** `env`, `params` and `run` for templates. */
  names: Record<'env' | 'params' | 'run', () => Value>;
  localUser: string;
  home: string;
  diff: boolean;
  now: () => number;
  random: (bytes: number) => Buffer;
  emit(event: EventBody): void;
  compiler: TextCompiler;
}

/** Hosts as they are first asked for. `hostRun` throws ProblemError when a host's connection settings are wrong. */
export function createHostRuns(options: HostRunsOptions): {
  hosts: ReadonlyMap<string, HostRun>;
  hostRun(name: string): HostRun;
} {
  const { inventory } = options;
  const hosts = new Map<string, HostRun>();
  const hostRun = (name: string): HostRun => {
    let host = hosts.get(name);
    if (!host) {
      host = makeHostRun(name, inventory.hosts.get(name) ?? implicitHost(name), options, hostRun);
      hosts.set(name, host);
    }
    return host;
  };
  return { hosts, hostRun };
}

function makeHostRun(name: string, host: Host, options: HostRunsOptions, hostRun: (name: string) => HostRun): HostRun {
  const { emit, compiler } = options;
  const values: HostValues = { results: new Map(), pending: new Set(), unknown: new Map(), facts: undefined };
  const builtin = { ...inventoryNames(options.inventory, hostRun, name), ...options.names };
  const compile = (definition: Definition): ValueTemplate => {
    const at = definition.at ?? { file: definition.layer, start: 0, end: 0 };
    const { value, problems } = compiler.compileValue({ value: definition.value, locate: () => at });
    if (!value) throw new ProblemError(problems);
    return value;
  };
  const scope = createScope({ inventory: host.vars, compile, values, builtin });
  const { target, become, problems } = toTarget({
    name,
    get: (variable) => (host.vars.has(variable) ? scope.get(variable) : undefined),
    locate: (variable) => host.vars.get(variable)?.at(-1)?.at,
    overrides: options.overrides,
    home: options.home,
  });
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
    notified: new Set(),
    counts: noCounts(),
    exits: new Set(),
    builtin,
  };
}

/** `localhost` needs no inventory: it is this machine, without a connection. */
function implicitHost(name: string): Host {
  return {
    name,
    groups: ['all'],
    vars: new Map([['ansible_connection', [{ value: 'local', layer: 'implicit localhost', data: true }]]]),
  };
}
