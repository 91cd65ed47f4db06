import { badArgs } from './args.ts';

/** A public key as OpenSSH writes it: its type and its base64. */
export interface PublicKey {
  type: string;
  blob: string;
}

/**
 * Reads `TYPE BASE64`, maybe with more behind it, which is given back as `rest`; undefined when it is not so.
 * The bytes are fields with their lengths, the type first (RFC 4253, 6.6), so a key that was cut or mixed up is noticed.
 */
export function publicKey(text: string): (PublicKey & { rest: string }) | undefined {
  const parts = /^((?:ssh|ecdsa|sk)-[a-zA-Z0-9@.-]+)\s+([A-Za-z0-9+/]+={0,2})(?:\s+(.*))?$/s.exec(text.trim());
  if (!parts) return undefined;
  const [, type = '', blob = '', rest = ''] = parts;
  const fields = fieldsOf(Buffer.from(blob, 'base64'));
  if (fields === undefined || fields.length < 2 || fields[0]?.toString('latin1') !== type) return undefined;
  return { type, blob, rest };
}

/** The fields of a key, each behind its length; undefined when they do not fill it exactly. */
function fieldsOf(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return at === bytes.length ? fields : undefined;
}

/** One line of an authorized_keys file (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
export interface AuthorizedKey extends PublicKey {
  options: string;
  comment: string;
}

/** The keys of a text with one a line; empty lines and comments are passed over. */
export function authorizedKeys(module: string, text: string): AuthorizedKey[] {
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => authorizedKey(module, line));
  if (keys.length === 0) throw badArgs(module, 'key holds no key');
  return [...new Map(keys.map((key) => [key.blob, key])).values()];
}

function authorizedKey(module: string, line: string): AuthorizedKey {
  if (/[\0\r]/.test(line)) throw badArgs(module, 'a key must not hold NUL or a carriage return');
  // Options hold blanks only inside quotes, where `\"` is a quote of the text.
  const [, options = '', after = line] = publicKey(line)
    ? []
    : (/^((?:\\"|"(?:\\"|[^"])*"|[^\s"])+)\s+(.*)$/.exec(line) ?? []);
  const key = publicKey(after);
  if (!key) {
    const advice = /^https?:/.test(line)
      ? 'addresses are not fetched: give the key itself'
      : 'a key is "ssh-ed25519 AAAA… comment", options may stand before it';
    throw badArgs(module, `"${line.length > 60 ? `${line.slice(0, 60)}…` : line}" is not a public key`, advice);
  }
  return { options, type: key.type, blob: key.blob, comment: key.rest };
}

/** As it stands in the file. */
export function keyLine({ options, type, blob, comment }: AuthorizedKey): string {
  return [options, type, blob, comment].filter((part) => part !== '').join(' ');
}

/** How a key is called where it is missing. */
export function shortKey({ type, blob }: PublicKey): string {
  return `${type} …${blob.slice(-12)}`;
}
