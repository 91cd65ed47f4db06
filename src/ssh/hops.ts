import { join } from 'node:path';
import type { HostKeyPolicy, Target } from '../model/transport.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { type HostSettings, type LocalUser, settingsFor } from './host-settings.ts';
import type { SshConfig } from './ssh-config.ts';
import type { Waiting } from './waiting.ts';

/** One SSH server on the way: a jump host, or the target itself, which comes last. */
export interface Hop {
  /** For messages: the host's name, or `jump host NAME`. */
  label: string;
  address: string;
  port: number;
  user: string;
  /** Private key files that were asked for; they must be usable. */
  keys: string[];
  password?: string;
  passphrase?: string;
  /** known_hosts files to read; the first is written to. */
  trusted: string[];
  /** How long it may take, where ssh_config says so. */
  waiting: Waiting;
}

/** What hops are made from. */
export interface HopsOptions {
  config: SshConfig;
  local: LocalUser;
  hostKeys: HostKeyPolicy;
  note(message: string): void;
}

/** More jump hosts than anyone has; ends a circle of ProxyJump settings. */
const mostHops = 8;

/**
 * The way to a target, in the order the servers are reached. What the inventory says wins over ssh_config. A jump host has settings of
 * its own from ssh_config; it is offered the target's key files when it has none there, and never the target's password.
 * Throws ProblemError E_JUMP_SPEC, E_SSH_CONFIG.
 */
export function hopsTo(target: Target, options: HopsOptions): Hop[] {
  const settings = lookUp(target.address, target, options);
  const last: Hop = {
    ...hopOf(settings, options),
    label: target.name,
    keys: target.keys && target.keys.length > 0 ? target.keys : settings.identityFiles,
    ...(target.password !== undefined && { password: target.password }),
    ...(target.passphrase !== undefined && { passphrase: target.passphrase }),
  };
  return [...jumps(target.proxyJump ?? settings.proxyJump, last, options, 0), last];
}

function jumps(spec: string | undefined, last: Hop, options: HopsOptions, depth: number): Hop[] {
  if (spec === undefined || spec === '' || spec === 'none') return [];
  const way: Hop[] = [];
  for (const [i, text] of spec.split(',').entries()) {
    const jump = parseJump(text.trim(), last.label);
    const settings = lookUp(jump.address, jump, options);
    if (depth >= mostHops) throw jumpFault(last.label, spec, 'the ProxyJump settings lead in a circle');
    if (i === 0) way.push(...jumps(settings.proxyJump, last, options, depth + 1));
    way.push({
      ...hopOf(settings, options),
      label: `jump host ${jump.address}`,
      keys: settings.identityFiles.length > 0 ? settings.identityFiles : last.keys,
      ...(last.passphrase !== undefined && { passphrase: last.passphrase }),
    });
  }
  return way;
}

function lookUp(
  host: string,
  given: Pick<Target, 'user' | 'port'>,
  { config, local, note }: HopsOptions,
): HostSettings {
  const settings = settingsFor(config, host, { user: given.user, port: given.port }, local);
  for (const text of settings.notes) note(text);
  return settings;
}

function hopOf(
  settings: HostSettings,
  { local, hostKeys }: HopsOptions,
): Pick<Hop, 'address' | 'port' | 'user' | 'trusted' | 'waiting'> {
  const byDefault = [
    ...(settings.userKnownHostsFiles ?? ['known_hosts', 'known_hosts2'].map((name) => join(local.home, '.ssh', name))),
    '/etc/ssh/ssh_known_hosts',
  ];
  return {
    address: settings.hostName,
    port: settings.port ?? 22,
    user: settings.user ?? local.user,
    trusted: hostKeys.files.length > 0 ? hostKeys.files : byDefault,
    waiting: settings.waiting,
  };
}

/** `[user@]host[:port]`, `[user@][v6]:port`, with or without `ssh://`. */
function parseJump(text: string, label: string): Pick<Target, 'user' | 'port'> & { address: string } {
  const match =
    /^(?:ssh:\/\/)?(?:(?<user>[^@]+(?:@[^@]+)*)@)?(?:\[(?<v6>[0-9A-Fa-f:.%a-z]+)\]|(?<host>[^:@[\]]+))(?::(?<port>\d+))?\/?$/.exec(
      text,
    );
  const groups = match?.groups;
  const address = groups?.['v6'] ?? groups?.['host'];
  const port = groups?.['port'] === undefined ? undefined : Number(groups['port']);
  if (address === undefined || !/^[A-Za-z0-9_.:%][A-Za-z0-9_.:%-]*$/.test(address))
    throw jumpFault(label, text, 'it is not [user@]host[:port]');
  if (port !== undefined && (port < 1 || port > 65_535)) throw jumpFault(label, text, `${port} is no port`);
  return { address, ...(groups?.['user'] && { user: groups['user'] }), ...(port !== undefined && { port }) };
}

function jumpFault(host: string, jump: string, detail: string): ProblemError {
  return new ProblemError(problem('E_JUMP_SPEC', { host, jump, detail }));
}
