/** What went wrong with something encrypted, for messages. */
export type AgeFault = 'not-age' | 'damaged' | 'no-identity' | 'passphrase';

/** Why something could not be opened. `kinds` are those of its recipients, as its header names them: X25519, scrypt, ssh-ed25519. */
export class AgeError extends Error {
  readonly fault: AgeFault;
  readonly kinds: string[];
  constructor(fault: AgeFault, kinds: string[] = []) {
    super(fault);
    this.fault = fault;
    this.kinds = kinds;
  }
}

/** What opens a file: private keys, or the passphrase it was made with. */
export type Keys = { identities: readonly string[] } | { passphrase: string };

/** For whom a file is made. */
export type Lock = { recipients: readonly string[] } | { passphrase: string };

const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';

/** Work of a passphrase as a power of two: 0.2 s here; the `age` tool takes 18, which is 1 s and more without native code. */
const WORK = 15;

/** A new key pair of the kind that every age knows (X25519). */
export async function newIdentity(): Promise<{ identity: string; recipient: string }> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The public key of a private one. Throws AgeError when it is none. */
export async function recipientOf(identity: string): Promise<string> {
  const { identityToRecipient } = await import('age-encryption');
  return identityToRecipient(identity).catch(() => {
    throw new AgeError('not-age');
  });
}

/** Whether files can be made for this recipient. */
export async function isRecipient(text: string): Promise<boolean> {
  const { Encrypter } = await import('age-encryption');
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/** A file of age's format, https://age-encryption.org/v1. */
export async function encrypt(plain: Uint8Array, lock: Lock): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  if ('passphrase' in lock) {
    encrypter.setScryptWorkFactor(WORK);
    encrypter.setPassphrase(lock.passphrase);
  } else for (const recipient of lock.recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(plain);
}

/** The same as lines of text, ending in a newline. */
export async function armored(file: Uint8Array): Promise<string> {
  const { armor } = await import('age-encryption');
  return `${armor.encode(file).trim()}\n`;
}

/** Opens a file, armored or not. Throws AgeError; nothing of a damaged file is given out. */
export async function decrypt(file: Uint8Array, keys: Keys): Promise<Uint8Array> {
  const { Decrypter } = await import('age-encryption');
  const bytes = await unarmored(file);
  const kinds = recipientKinds(bytes);
  const decrypter = new Decrypter();
  if ('passphrase' in keys) decrypter.addPassphrase(keys.passphrase);
  else for (const identity of keys.identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(bytes);
  } catch (error) {
    const isOurs = error instanceof Error && error.message.startsWith('no identity matched');
    if (isOurs) throw new AgeError('passphrase' in keys ? 'passphrase' : 'no-identity', kinds);
    throw new AgeError('damaged', kinds);
  }
}

/** Whether it was made with a passphrase instead of keys. Throws AgeError when it is no such file. */
export async function wantsPassphrase(file: Uint8Array): Promise<boolean> {
  return recipientKinds(await unarmored(file)).includes('scrypt');
}

/** Whether it looks like a file of age's, armored or not. */
export function isEncrypted(file: Uint8Array): boolean {
  const start = Buffer.from(file.subarray(0, 200)).toString('latin1').trimStart();
  return start.startsWith('age-encryption.org/') || start.startsWith(BEGIN);
}

async function unarmored(file: Uint8Array): Promise<Uint8Array> {
  if (!isEncrypted(file)) throw new AgeError('not-age');
  const text = Buffer.from(file).toString('latin1').trimStart();
  if (!text.startsWith(BEGIN)) return file;
  const { armor } = await import('age-encryption');
  try {
    return armor.decode(text.replaceAll('\r\n', '\n'));
  } catch {
    throw new AgeError('damaged');
  }
}

/** `-> X25519 …`: one line for each recipient, up to the line that ends the header. */
function recipientKinds(file: Uint8Array): string[] {
  const [header = ''] = Buffer.from(file.subarray(0, 64 * 1024))
    .toString('latin1')
    .split('\n---');
  return [...header.matchAll(/^-> (\S+)/gm)].map(([, kind]) => kind ?? '');
}
