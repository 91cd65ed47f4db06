import { ProblemError, problem } from '../problems/problem.ts';
import { matchesPatternList } from './host-pattern.ts';
import { expandHome, type SshConfig } from './ssh-config.ts';
import { type Waiting, waitingOf } from './waiting.ts';

/** What ssh_config says about one host; undefined = nothing. */
export interface HostSettings {
  hostName: string;
  user?: string;
  port?: number;
  identityFiles: string[];
  /** As written; `none` is kept, it ends the search. */
  proxyJump?: string;
  userKnownHostsFiles?: string[];
  waiting: Waiting;
  notes: string[];
}

/** Settings that come from the inventory and win: `%p` and `%r` stand for them. */
export interface Given {
  user?: string | undefined;
  port?: number | undefined;
}

/** Who runs play, for `%d` and `%u`. */
export interface LocalUser {
  home: string;
  user: string;
}

/**
 * Looks a host up under the name that was given for it. For each keyword the first value that is found is taken, IdentityFile adds up
 * (ssh_config(5)). `%h %n %p %r %u %d %%` and `~` are expanded where ssh does it. Throws ProblemError E_SSH_CONFIG for a bad port or time.
 */
export function settingsFor(config: SshConfig, host: string, given: Given, local: LocalUser): HostSettings {
  const first = new Map<string, string[]>();
  const identities: string[] = [];
  let proxy: string | undefined;
  for (const { keyword, words, hosts } of config.lines) {
    if (!hosts.every((patterns) => matchesPatternList(host, patterns))) continue;
    if (keyword === 'identityfile') identities.push(...words.slice(0, 1));
    else if (!first.has(keyword)) first.set(keyword, words);
    if (keyword === 'proxycommand' || keyword === 'proxyjump') proxy ??= keyword;
  }
  const one = (keyword: string): string | undefined => first.get(keyword)?.[0];

  // Names do not mind case, and known_hosts has them in lower case.
  const hostName = expand(one('hostname') ?? host, { h: host }).toLowerCase();
  const user = given.user ?? one('user');
  const port = given.port ?? portOf(one('port'), host);
  const tokens = { h: hostName, n: host, p: String(port ?? 22), r: user ?? local.user, u: local.user, d: local.home };
  const path = (text: string): string => expandHome(expand(text, tokens), local.home);
  const jump = proxy === 'proxyjump' ? one('proxyjump') : undefined;
  const knownHosts = first.get('userknownhostsfile');
  const isProxied = proxy === 'proxycommand' && one('proxycommand') !== 'none';
  return {
    hostName,
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
    identityFiles: identities.filter((file) => file !== 'none').map(path),
    ...(jump !== undefined && { proxyJump: expand(jump, tokens) }),
    ...(knownHosts && { userKnownHostsFiles: knownHosts.filter((file) => file !== 'none').map(path) }),
    waiting: waitingOf(one, host),
    notes: isProxied ? [`ProxyCommand for ${host} in ssh_config is not followed; use ProxyJump`] : [],
  };
}

/** Puts tokens in; a `%` that means nothing stays as it is. */
function expand(text: string, tokens: Record<string, string>): string {
  return text.replace(/%(.)/g, (whole, letter: string) => (letter === '%' ? '%' : (tokens[letter] ?? whole)));
}

function portOf(text: string | undefined, host: string): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new ProblemError(
    problem('E_SSH_CONFIG', { file: 'ssh_config', detail: `Port ${text} for ${host} is no port` }),
  );
}
