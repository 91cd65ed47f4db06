import { createHash, randomBytes } from 'node:crypto';

/** Who asks, with what. */
export interface Account {
  user: string;
  password: string;
}

/** How a server wants to be answered. */
type Challenge = Record<string, string>;

const hashes: Record<string, string> = { md5: 'md5', 'sha-256': 'sha256', 'sha-512-256': 'sha512-256' };

/** The challenge of a `WWW-Authenticate` header that digest can answer (RFC 7616), the strongest first; undefined: there is none. */
export function digestChallenge(headers: readonly string[]): Challenge | undefined {
  const challenges = headers
    .flatMap((header) => header.split(/(?:^|,)\s*(?=Digest\s)/i))
    .filter((text) => /^\s*digest\s/i.test(text))
    .map((text) => parameters(text.replace(/^\s*digest\s+/i, '')));
  const known = challenges.filter((each) => hashOf(each) !== undefined && each['nonce'] !== undefined);
  return known.find((each) => hashOf(each) !== 'md5') ?? known[0];
}

/** The value of `Authorization` for one request. `count` is how often the nonce has been used, this time included. */
export function digestAnswer(options: {
  challenge: Challenge;
  account: Account;
  method: string;
  /** The path with the query, as it is sent. */
  uri: string;
  count: number;
  cnonce?: string;
}): string {
  const { challenge, account, method, uri, count, cnonce = randomBytes(16).toString('hex') } = options;
  const { realm = '', nonce = '', opaque, algorithm, qop } = challenge;
  const hash = (text: string): string =>
    createHash(hashOf(challenge) ?? 'md5')
      .update(text)
      .digest('hex');
  const nc = count.toString(16).padStart(8, '0');
  const known = hash(`${account.user}:${realm}:${account.password}`);
  const a1 = algorithm?.toLowerCase().endsWith('-sess') ? hash(`${known}:${nonce}:${cnonce}`) : known;
  const a2 = hash(`${method}:${uri}`);
  const usesQop = qop?.split(',').some((each) => each.trim().toLowerCase() === 'auth') ?? false;
  const response = hash(usesQop ? `${a1}:${nonce}:${nc}:${cnonce}:auth:${a2}` : `${a1}:${nonce}:${a2}`);
  const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;
  return `Digest ${[
    `username=${quoted(account.user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(usesQop ? ['qop=auth', `nc=${nc}`, `cnonce="${cnonce}"`] : []),
  ].join(', ')}`;
}

function hashOf({ algorithm = 'md5' }: Challenge): string | undefined {
  return hashes[algorithm.toLowerCase().replace(/-sess$/, '')];
}

function parameters(text: string): Challenge {
  const found: Challenge = {};
  for (const [, name = '', quoted, bare] of text.matchAll(/([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g))
    found[name.toLowerCase()] = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1');
  return found;
}
