import { createHmac } from 'node:crypto';
import { matchesPatternList } from './host-pattern.ts';
import { isKeyBlob } from './public-key.ts';

/** One usable line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  file: string;
  /** From 1. */
  line: number;
  marker?: 'revoked' | 'cert-authority';
  /** Comma-separated patterns, or one hashed name. */
  hosts: string;
  type: string;
  key: Buffer;
}

/** The server a key is asked for. */
export interface Endpoint {
  address: string;
  port: number;
}

/** What known_hosts says about a key. An unknown key with an `authority`: the host is trusted by certificates alone. */
export type Verdict =
  | { kind: 'known' }
  | { kind: 'unknown'; authority?: KnownHost }
  | { kind: 'changed'; entries: KnownHost[] }
  | { kind: 'revoked'; entry: KnownHost };

/** Reads a known_hosts file. Lines that OpenSSH would pass over (comments, unknown markers, broken keys) are left out. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  const found: KnownHost[] = [];
  text.split('\n').forEach((raw, i) => {
    const entry = parseLine(raw);
    if (entry) found.push({ file, line: i + 1, ...entry });
  });
  return found;
}

function parseLine(raw: string): Omit<KnownHost, 'file' | 'line'> | undefined {
  let words = raw.trim().split(/[ \t]+/);
  if (words[0] === '' || words[0]?.startsWith('#')) return undefined;
  let marker: KnownHost['marker'];
  if (words[0]?.startsWith('@')) {
    if (words[0] !== '@revoked' && words[0] !== '@cert-authority') return undefined;
    marker = words[0] === '@revoked' ? 'revoked' : 'cert-authority';
    words = words.slice(1);
  }
  const [hosts, type, base64] = words;
  if (hosts === undefined || type === undefined || base64 === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return undefined;
  const key = Buffer.from(base64, 'base64');
  if (!isKeyBlob(key, type)) return undefined;
  return { ...(marker && { marker }), hosts, type, key };
}

/** The name under which a server stands in known_hosts: `host`, or `[host]:port` for a port other than 22. */
export function knownHostsName({ address, port }: Endpoint): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** All that is on file, ready to be asked about one host after another. */
export interface KnownHosts {
  /** The entries that speak about a name as `knownHostsName` gives it, in their order. */
  about(name: string): KnownHost[];
}

/** Makes entries ready. Plain names are found at once; only patterns and hashes have to be tried, once for each name. */
export function knownHosts(entries: readonly KnownHost[]): KnownHosts {
  const plain = new Map<string, number[]>();
  const tried: number[] = [];
  for (const [i, { hosts }] of entries.entries()) {
    if (/^\||[*?!]/.test(hosts)) tried.push(i);
    else for (const name of hosts.toLowerCase().split(',')) plain.set(name, [...(plain.get(name) ?? []), i]);
  }
  const answered = new Map<string, KnownHost[]>();
  return {
    about(name) {
      const known = answered.get(name);
      if (known) return known;
      const hits = tried.filter((i) => isAbout(entries[i], name));
      const found = [...new Set([...hits, ...(plain.get(name) ?? [])])].sort((a, b) => a - b);
      const answer = found.flatMap((i) => entries[i] ?? []);
      answered.set(name, answer);
      return answer;
    },
  };
}

function isAbout(entry: KnownHost | undefined, name: string): boolean {
  if (entry === undefined) return false;
  const { hosts } = entry;
  if (!hosts.startsWith('|')) return matchesPatternList(name, hosts.toLowerCase().split(','));
  // Hashed as `|1|salt|HMAC-SHA1(salt, name)`, both in base64.
  const [, version, salt, hash] = hosts.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

/**
 * Judges a key that a server has shown, as OpenSSH does: revoked beats all; one equal entry makes it known; any other entry of the
 * host makes it changed. A server on another port than 22 is also known by an equal entry without the port.
 */
export function judge(known: KnownHosts, endpoint: Endpoint, key: Buffer): Verdict {
  const own = known.about(knownHostsName(endpoint));
  const verdict = judgeAmong(own, key);
  if (verdict.kind !== 'unknown' || endpoint.port === 22) return verdict;
  const portless = judgeAmong(known.about(knownHostsName({ ...endpoint, port: 22 })), key);
  return portless.kind === 'known' || portless.kind === 'revoked' ? portless : verdict;
}

function judgeAmong(entries: readonly KnownHost[], key: Buffer): Verdict {
  const revoked = entries.find((entry) => entry.marker === 'revoked' && entry.key.equals(key));
  if (revoked) return { kind: 'revoked', entry: revoked };
  const plain = entries.filter((entry) => entry.marker === undefined);
  if (plain.some((entry) => entry.key.equals(key))) return { kind: 'known' };
  if (plain.length > 0) return { kind: 'changed', entries: plain };
  const authority = entries.find((entry) => entry.marker === 'cert-authority');
  return { kind: 'unknown', ...(authority && { authority }) };
}

/** The key types on file for a server, in the order of the file: it is asked for those first, so that a second key type is no false alarm. */
export function typesOnFile(known: KnownHosts, endpoint: Endpoint): string[] {
  const names = [knownHostsName(endpoint), knownHostsName({ ...endpoint, port: 22 })];
  for (const name of names) {
    const plain = known.about(name).filter((entry) => entry.marker === undefined);
    if (plain.length > 0) return [...new Set(plain.map((entry) => entry.type))];
  }
  return [];
}

/** The line that makes a server known, newline included. */
export function knownHostsLine(endpoint: Endpoint, type: string, key: Buffer): string {
  return `${knownHostsName(endpoint)} ${type} ${key.toString('base64')}\n`;
}
