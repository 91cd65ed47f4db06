import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { ipText, type Network, readIp, readNetwork } from '../functions/ip.ts';
import type { Value } from '../model/value.ts';
import { NetworkError, reasonOf } from './network-error.ts';

/** Who may be asked: the hosts of the inventory, and what a task allows by name, address or network. */
export interface Allowed {
  names: ReadonlySet<string>;
  /** What the hosts of the inventory are reached at, where that is not their name. */
  reachedAt: ReadonlyMap<string, string>;
  networks: readonly Network[];
}

/** Machines that a task names, with all their addresses. */
export interface Target {
  /** As the task has it. */
  name: string;
  address: string;
}

/** `hosts` and `host` are what templates see of the inventory; `allow` is the parameter. Throws NetworkError. */
export function allowedOf({ hosts, host, allow }: { hosts: Value; host: Value; allow: readonly string[] }): Allowed {
  const reachedAt = new Map<string, string>();
  const inventory = [...Object.values(hosts ?? {}), host].flatMap((entry) => {
    if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return [];
    const { vars, name, address } = entry;
    if (typeof name === 'string' && typeof address === 'string' && address !== '' && address !== name)
      reachedAt.set(name.toLowerCase(), address);
    // A host without a connection is this machine, whatever it is called.
    const isHere =
      vars !== null && typeof vars === 'object' && !Array.isArray(vars) && vars['ansible_connection'] === 'local';
    const names = [name, address, isHere ? 'localhost' : ''];
    return names.filter((text): text is string => typeof text === 'string' && text !== '');
  });
  const names = new Set<string>();
  const networks: Network[] = [];
  for (const text of [...inventory, ...allow]) {
    const network = readNetwork(text);
    if (network) networks.push(network);
    else if (text.includes('/')) throw new NetworkError(`allow: "${text}" is not a network like 10.0.0.0/24`);
    else names.add(text.toLowerCase());
    // This machine by its name is this machine by its addresses.
    if (text === 'localhost') networks.push(readNetwork('127.0.0.0/8')!, readNetwork('::1')!);
  }
  return { names, reachedAt, networks };
}

function isWithin(address: string, { networks }: Allowed): boolean {
  const ip = readIp(address);
  return (
    ip !== undefined &&
    networks.some(({ version, first, last }) => version === ip.version && first <= ip.value && ip.value <= last)
  );
}

const refused = (name: string): NetworkError =>
  new NetworkError(
    `${name} is neither a host of the inventory nor allowed; if it is meant to be asked: allow: ['${name}']`,
  );

/**
 * The addresses of a machine, once it may be asked: what is connected to is one of these, so that a name cannot mean another machine a moment
 * later. Throws NetworkError.
 */
export async function addressesOf(name: string, allowed: Allowed): Promise<string[]> {
  if (isIP(name) !== 0) {
    if (!isWithin(name, allowed)) throw refused(name);
    return [name];
  }
  let found: string[];
  try {
    found = (await lookup(allowed.reachedAt.get(name.toLowerCase()) ?? name, { all: true, verbatim: true })).map(
      ({ address }) => address,
    );
  } catch (error) {
    throw new NetworkError(`${name}: ${reasonOf(error)}`);
  }
  const isNamed = allowed.names.has(name.toLowerCase());
  if (!isNamed && !found.every((address) => isWithin(address, allowed))) throw refused(name);
  return found;
}

/** Whether that is the machine itself that asks. */
const isItself = (name: string): boolean => name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);

/**
 * What the task's host is to connect to: itself; a name that is allowed, which the host looks up itself; otherwise an address, so that a name
 * cannot mean another machine there. Throws NetworkError.
 */
export async function addressFromHost(name: string, allowed: Allowed): Promise<string> {
  const reached = allowed.reachedAt.get(name.toLowerCase()) ?? name;
  if (isItself(name) || (isIP(reached) === 0 && allowed.names.has(reached.toLowerCase()))) return reached;
  const [address = reached] = await addressesOf(name, allowed);
  return address;
}

/** The machines that a task names, as `targetsOf` gives them, for the task's host to connect to. Throws NetworkError. */
export async function targetsFromHost(names: readonly string[], allowed: Allowed): Promise<Target[]> {
  const targets: Target[] = [];
  for (const name of names) {
    if (name.includes('/')) targets.push(...hostsOf(name, allowed));
    else targets.push({ name, address: await addressFromHost(name, allowed) });
  }
  return targets;
}

/** The machines that a task names: names, addresses and networks (`10.0.0.0/28`, without its first and last address). Throws NetworkError. */
export async function targetsOf(names: readonly string[], allowed: Allowed): Promise<Target[]> {
  const targets: Target[] = [];
  for (const name of names) {
    if (!name.includes('/')) {
      const [address = name] = await addressesOf(name, allowed);
      targets.push({ name, address });
      continue;
    }
    targets.push(...hostsOf(name, allowed));
  }
  return targets;
}

/** A scan of more than this is a mistake more often than meant. */
const mostHosts = 65_536n;

function hostsOf(text: string, allowed: Allowed): Target[] {
  const network = readNetwork(text);
  if (!network) throw new NetworkError(`"${text}" is not a network like 10.0.0.0/24`);
  const { version, first, last, prefix } = network;
  if (last - first >= mostHosts) throw new NetworkError(`${text} has more than ${mostHosts} addresses`);
  const hasEnds = version === 4 && prefix < 31;
  const targets: Target[] = [];
  for (let value = hasEnds ? first + 1n : first; value <= (hasEnds ? last - 1n : last); value += 1n) {
    const address = ipText({ version, value });
    if (!isWithin(address, allowed)) throw refused(text);
    targets.push({ name: address, address });
  }
  return targets;
}

/** Tells of an address whether it is one of those that are allowed: whoever comes from elsewhere is not listened to. */
export async function comers(allowed: Allowed): Promise<(address: string) => boolean> {
  const known = new Set<string>();
  // Side by side: each name that nobody knows may take a second, and meanwhile nothing listens.
  const look = async (name: string): Promise<void> => {
    const found = await lookup(name, { all: true }).catch(() => []);
    for (const { address } of found) known.add(address);
  };
  await Promise.all([...allowed.names].map(look));
  return (address) => known.has(address) || isWithin(address, allowed);
}

/** Throws NetworkError when a frame that holds no IP address goes to a hardware address that `allow` does not name. */
export function isAllowedFrame(mac: string, { names }: Allowed): void {
  if (!names.has(mac.toLowerCase())) throw refused(mac === '' ? 'a packet without an address' : mac);
}
