import { createPrivateKey, sign } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import type { ConnectOptions } from '../model/transport.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import type { Ssh2 } from './library.ts';

/** A private key that is ready to sign. */
export interface LoadedKey {
  path: string;
  key: ParsedKey;
}

/** What is wrong with a key file. */
export type KeyFault =
  | { kind: 'missing' | 'encrypted' | 'wrong-passphrase' | 'public' }
  | { kind: 'open'; mode: string }
  | { kind: 'format' | 'unreadable'; detail: string };

/** What may be used to open a key file. */
export interface KeyOptions {
  /** The host in whose name it is opened, for messages. */
  host: string;
  passphrase?: string | undefined;
  ask?: ConnectOptions['ask'];
}

/** The private keys of a run: each file is read, and its passphrase asked for, once, however many hosts use it. */
export interface KeyStore {
  /** Throws ProblemError E_KEY_FILE. */
  load(path: string, options: KeyOptions): Promise<LoadedKey>;
}

/** Makes the store of one run. `uid` is the user that play runs as: a key of theirs that others can read is refused. */
export function createKeyStore(ssh2: () => Promise<Ssh2>, uid: number | undefined): KeyStore {
  const loaded = new Map<string, Promise<LoadedKey | KeyFault>>();
  return {
    async load(path, { host, passphrase, ask }) {
      const id = JSON.stringify([path, passphrase, ask !== undefined]);
      const known = loaded.get(id) ?? open(path, { passphrase, ask, ssh2, uid });
      loaded.set(id, known);
      const result = await known;
      if ('key' in result) return result;
      throw new ProblemError(problem('E_KEY_FILE', { host, path, fault: result }));
    },
  };
}

interface OpenOptions extends Omit<KeyOptions, 'host'> {
  ssh2: () => Promise<Ssh2>;
  uid: number | undefined;
}

async function open(path: string, { passphrase, ask, ssh2, uid }: OpenOptions): Promise<LoadedKey | KeyFault> {
  const text = await read(path, uid);
  if (typeof text !== 'string') return text;
  const { parseKey } = (await ssh2()).utils;
  const parse = (secret?: string): ParsedKey | Error => {
    try {
      const parsed = parseKey(text, secret);
      const key = Array.isArray(parsed) ? parsed[0] : parsed;
      if (!key) return new Error('there is no key in it');
      return key instanceof Error || !key.isPrivateKey() ? key : readOnce(key);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  const plain = parse();
  if (!(plain instanceof Error)) return plain.isPrivateKey() ? { path, key: plain } : { kind: 'public' };
  if (!/no passphrase given/.test(plain.message)) return { kind: 'format', detail: plain.message };
  const secret = passphrase ?? (await ask?.(`Passphrase for key ${path}: `, { echo: false }));
  if (secret === undefined || secret === '') return { kind: 'encrypted' };
  const opened = parse(secret);
  return opened instanceof Error ? { kind: 'wrong-passphrase' } : { path, key: opened };
}

/** ssh2 would read the PEM again for each signature, which takes much longer than to sign: 0.8 ms for each host. */
function readOnce(key: ParsedKey): ParsedKey {
  if (key.type !== 'ssh-ed25519') return key;
  const material = createPrivateKey(key.getPrivatePEM());
  key.sign = (data) => sign(null, typeof data === 'string' ? Buffer.from(data) : data, material);
  return key;
}

async function read(path: string, self: number | undefined): Promise<string | KeyFault> {
  try {
    const { mode, uid } = await stat(path);
    // As ssh does: the owner is expected to keep a key to themself; a file of somebody else is their business.
    const text = await readFile(path, 'utf8');
    const isSecret = !/^(ssh-|ecdsa-|sk-)\S+ /.test(text);
    if (isSecret && uid === self && (mode & 0o077) !== 0)
      return { kind: 'open', mode: (mode & 0o7777).toString(8).padStart(4, '0') };
    return text;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'unreadable', detail: error instanceof Error ? error.message : String(error) };
  }
}
