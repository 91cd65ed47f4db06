import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

const rounds = 4096;

/**
 * What PostgreSQL keeps of a password (RFC 5802 and 7677): `SCRAM-SHA-256$4096:SALT$StoredKey:ServerKey`. The same user and password always give
 * the same text, so that it can be compared: the salt comes from both, by as many rounds as the keys, so guessing gets no cheaper by it.
 */
export function scramVerifier(user: string, password: string): string {
  // SASLprep (RFC 4013), as far as it changes text that people type.
  const prepared = password.normalize('NFKC');
  const salt = pbkdf2Sync(prepared, `play salt for ${user}`, rounds, 16, 'sha256');
  const salted = pbkdf2Sync(prepared, salt, rounds, 32, 'sha256');
  const key = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`;
}

/** What older servers keep. */
export function md5Verifier(user: string, password: string): string {
  return `md5${createHash('md5')
    .update(password + user)
    .digest('hex')}`;
}
