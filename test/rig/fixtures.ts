import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How hosts should be described; what is not said is the rig's own. */
export interface Described {
  user?: string;
  port?: number;
  key?: string;
  /** Inventory only: just the first so many hosts. */
  hosts?: number;
  /** Inventory only: lines for `all: vars:`, for instance `{ ansible_become_password: 'x' }`. */
  vars?: Record<string, string | number | boolean>;
}

/** Texts and files that describe the server to its clients. The hosts are called web1, web2 … in the order of the addresses. */
export interface Fixtures {
  names: string[];
  /** `ssh-ed25519 AAAA…`, one for each host key. */
  hostKeys: string[];
  /** Text of a known_hosts file with every address and key; another port for a proxy in between. */
  knownHosts(port?: number): string;
  /** The same, written. */
  knownHostsFile(port?: number): string;
  /** Text of an ssh_config for the system's ssh: `ssh -F FILE web1`. */
  sshConfig(described?: Described): string;
  /** The same, written (to a new file for each text). */
  sshConfigFile(described?: Described): string;
  /** An inventory that play and ansible both read. */
  inventory(described?: Described): string;
  inventoryFile(described?: Described): string;
}

interface Server {
  dir: string;
  port: number;
  addresses: string[];
  user: string;
  key: string;
  /** Changes when the server gets new keys. */
  hostKeys: string[];
}

/** Makes the texts; every call looks at the keys as they are then. */
export function fixtures(server: Server): Fixtures {
  const names = server.addresses.map((_, i) => `web${i + 1}`);
  const written = new Map<string, string>();
  const file = (kind: string, text: string): string => {
    const known = written.get(kind + text);
    if (known !== undefined) return known;
    const path = join(server.dir, `${kind}-${written.size}${kind === 'inventory' ? '.yml' : ''}`);
    writeFileSync(path, text);
    written.set(kind + text, path);
    return path;
  };
  const knownHosts = (port = server.port): string =>
    server.addresses
      .flatMap((address) => server.hostKeys.map((key) => `${port === 22 ? address : `[${address}]:${port}`} ${key}\n`))
      .join('');
  const knownHostsFile = (port?: number): string => file('known_hosts', knownHosts(port));
  const sshConfig = ({ user, port, key }: Described = {}): string => {
    const hosts = server.addresses.map((address, i) => `Host ${names[i]}\n  HostName ${address}\n`);
    return [
      ...hosts,
      'Host *',
      `  User ${user ?? server.user}`,
      `  Port ${port ?? server.port}`,
      `  IdentityFile ${key ?? server.key}`,
      '  IdentitiesOnly yes',
      '  IdentityAgent none',
      `  UserKnownHostsFile ${knownHostsFile(port)}`,
      '  GlobalKnownHostsFile /dev/null',
      '  StrictHostKeyChecking yes',
      '  BatchMode yes',
      '  LogLevel ERROR',
      '',
    ].join('\n');
  };
  const inventory = ({ user, port, key, hosts: count, vars }: Described = {}): string => {
    const all = {
      ansible_port: port ?? server.port,
      ansible_user: user ?? server.user,
      ansible_ssh_private_key_file: key ?? server.key,
      ...vars,
    };
    const shown = server.addresses.slice(0, count);
    const hosts = shown.map((address, i) => `    ${names[i]}:\n      ansible_host: ${address}\n`);
    const settings = Object.entries(all).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}\n`);
    return `all:\n  vars:\n${settings.join('')}  hosts:\n${hosts.join('')}`;
  };
  return {
    names,
    hostKeys: server.hostKeys,
    knownHosts,
    knownHostsFile,
    sshConfig,
    sshConfigFile: (described) => file('ssh_config', sshConfig(described)),
    inventory,
    inventoryFile: (described) => file('inventory', inventory(described)),
  };
}
