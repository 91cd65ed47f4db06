import { createHash } from 'node:crypto';

/** The type that a public key names in its first field, `ssh-ed25519`; undefined when these bytes are no key (RFC 4253 6.6). */
export function keyType(key: Buffer): string | undefined {
  return fields(key)?.[0]?.toString('latin1');
}

/** Is this a public key of that type with nothing missing and nothing left over? */
export function isKeyBlob(key: Buffer, type: string): boolean {
  const parts = fields(key);
  if (parts === undefined || parts[0]?.toString('latin1') !== type) return false;
  const expected = fieldsOf(type);
  return expected !== undefined && parts.length === expected;
}

/** `SHA256:…` as ssh-keygen -l prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The name of a key type as people and ssh-keyscan -t know it: `ed25519`, `rsa`, `ecdsa`. */
export function shortType(type: string): string {
  return type.replace(/^ssh-/, '').replace(/^ecdsa-sha2-.*$/, 'ecdsa');
}

/** How many fields a key of this type has, the type included. Types that this program cannot check have none. */
function fieldsOf(type: string): number | undefined {
  if (type === 'ssh-ed25519') return 2;
  if (type === 'ssh-rsa' || /^ecdsa-sha2-nistp(256|384|521)$/.test(type)) return 3;
  return undefined;
}

function fields(key: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < key.length) {
    if (at + 4 > key.length) return undefined;
    const end = at + 4 + key.readUInt32BE(at);
    if (end > key.length) return undefined;
    parts.push(key.subarray(at + 4, end));
    at = end;
  }
  return parts;
}
