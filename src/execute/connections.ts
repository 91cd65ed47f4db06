import { type ConnectionDefaults, type ConnectionSettings, toTarget } from '../inventory/target.ts';
import type { FunctionContext } from '../model/function-context.ts';
import type { Definition, Host, Inventory } from '../model/inventory.ts';
import { isBlock, type Node, type Play } from '../model/playbook.ts';
import type { Target } from '../model/transport.ts';
import type { Fields, Value } from '../model/value.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { createScope, type HostValues, NotYet, noValues } from '../render/scope.ts';
import type { Secrets } from '../secrets/registry.ts';
import { definitionTemplate } from '../template/definitions.ts';
import type { TextCompiler, ValueTemplate } from '../template/text-compiler.ts';

/** What the connection settings of a run are worked out from. */
export interface ConnectionsOptions {
  inventory: Inventory;
  /** From the command line; wins over the inventory. */
  overrides: Partial<Omit<Target, 'name'>>;
  /** `env`, `params`, `run` and `stdin` for templates. */
  names: Record<'env' | 'params' | 'run' | 'stdin', () => Value>;
  home: string;
  compiler: TextCompiler;
  /** Passwords are secrets, and so is what they are made of. */
  secrets: Secrets;
  /** What functions may ask about the run of a host. */
  functionContext(host: string): FunctionContext;
}

/** How one host is reached, and what its templates see beside variables. */
export interface Reachable extends ConnectionSettings {
  host: Host;
  values: HostValues;
  builtin: Record<string, () => Value>;
}

/** The settings of each host as they are first asked for; nothing is contacted. `of` gives problems and does not throw them. */
export interface Connections {
  of(name: string, defaults?: ConnectionDefaults): Reachable;
}

/** What a play says about reaching hosts of which the inventory says nothing. */
export function connectionDefaults(play: Play): ConnectionDefaults {
  const { connection, port, remoteUser } = play;
  const most = play.anyErrorsFatal ? 0 : play.maxFailPercentage;
  // What is rescued counts as no failure, and only the run knows of that.
  const mayFail = most !== undefined && play.nodes.some(rescues) ? undefined : most;
  return {
    ...(mayFail !== undefined && { mayFail }),
    ...(connection !== undefined && { transport: connection }),
    ...(port !== undefined && { port }),
    ...(remoteUser !== undefined && { user: remoteUser }),
  };
}

function rescues(node: Node): boolean {
  return (
    isBlock(node) &&
    (node.rescue.length > 0 || [...node.bodies.flatMap(({ nodes }) => nodes), ...node.always].some(rescues))
  );
}

/** A host with everything but its settings, which depend on the play. */
type Known = Omit<Reachable, keyof ConnectionSettings> & { settings(defaults: ConnectionDefaults): ConnectionSettings };

/** Makes them. */
export function createConnections(options: ConnectionsOptions): Connections {
  const known = new Map<string, Known>();
  const found = new Map<string, Reachable>();
  const underWay = new Set<string>();
  const connections: Connections = {
    of(name, defaults = {}) {
      const key = JSON.stringify([name, defaults, options.inventory.changes]);
      const before = found.get(key);
      if (before) return before;
      if (underWay.has(name)) throw new ProblemError(problem('E_VARIABLE_CYCLE', { names: [...underWay, name] }));
      underWay.add(name);
      const { settings, ...host } = known.get(name) ?? knownHost(name, options, connections);
      known.set(name, { settings, ...host });
      const reachable = { ...host, ...settings(defaults) };
      underWay.delete(name);
      found.set(key, reachable);
      return reachable;
    },
  };
  return connections;
}

function knownHost(name: string, options: ConnectionsOptions, connections: Connections): Known {
  const { inventory, compiler } = options;
  const host = inventory.hosts.get(name) ?? implicitHost(name);
  const values = noValues();
  const builtin = { ...inventoryNames(inventory, connections, name), ...options.names };
  const compile = (definition: Definition): ValueTemplate => definitionTemplate(compiler, definition);
  const scope = createScope({
    inventory: host.vars,
    compile,
    values,
    builtin,
    taint: options.secrets,
    functionContext: options.functionContext(name),
  });
  const locate = (variable: string): Definition['at'] => host.vars.get(variable)?.at(-1)?.at;
  const settings = (defaults: ConnectionDefaults): ConnectionSettings => {
    const faults: ConnectionSettings['problems'] = [];
    const get = (variable: string): Value | undefined => {
      if (!host.vars.has(variable)) return undefined;
      try {
        return scope.get(variable);
      } catch (error) {
        const at = locate(variable);
        if (error instanceof ProblemError)
          faults.push(...error.problems.map((each) => ({ ...(at && { at }), ...each })));
        // A check without a run does not know what a store of AWS holds.
        else if (error instanceof NotYet && error.what === 'stored') return undefined;
        else if (error instanceof NotYet) faults.push(problem('E_TARGET_FACTS', { host: name, setting: variable }, at));
        else throw error;
        return undefined;
      }
    };
    const { overrides, home } = options;
    const found = toTarget({ name, get, locate, overrides, defaults, home });
    const { password, becomePassword } = found.target;
    if (password !== undefined) options.secrets.add(password, 'ansible_password');
    if (becomePassword !== undefined) options.secrets.add(becomePassword, 'ansible_become_password');
    return { ...found, problems: [...faults, ...found.problems] };
  };
  return { host, values, builtin, settings };
}

/** `localhost` needs no inventory: it is this machine, without a connection. */
function implicitHost(name: string): Host {
  return {
    name,
    groups: ['all'],
    vars: new Map([['ansible_connection', [{ value: 'local', layer: 'implicit localhost', data: true }]]]),
  };
}

/** What templates see of the inventory: `host`, `hosts`, `groups`, made when first asked for. */
function inventoryNames(inventory: Inventory, connections: Connections, name: string): Record<string, () => Value> {
  const memo = new Map<string, Value>();
  let { changes } = inventory;
  const once = (key: string, make: () => Value) => (): Value => {
    if (changes !== inventory.changes) memo.clear();
    changes = inventory.changes;
    let value = memo.get(key);
    if (value === undefined) {
      value = make();
      memo.set(key, value);
    }
    return value;
  };
  const plain = (host: string): Fields => {
    const known = inventory.hosts.get(host);
    const vars: Fields = {};
    for (const [key, definitions] of known?.vars ?? []) vars[key] = definitions.at(-1)?.value ?? null;
    return { name: host, address: connections.of(host).target.address, groups: known?.groups ?? [], vars };
  };
  return {
    host: once('host', () => plain(name)),
    hosts: once('hosts', () => Object.fromEntries([...inventory.hosts.keys()].map((host) => [host, plain(host)]))),
    groups: once('groups', () => Object.fromEntries([...inventory.groups].map(([group, { hosts }]) => [group, hosts]))),
  };
}
