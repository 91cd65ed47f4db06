import { constants, createDecipheriv, createHash, generateKeyPair, privateDecrypt } from 'node:crypto';
import { promisify } from 'node:util';

/** A pair of keys for the answers of one run: the instances encrypt with the public one, which anyone may see. */
export interface Seal {
  /** PEM. */
  publicKey: string;
  /** Throws when the bytes are damaged. */
  open(sealed: Buffer, stored: Buffer): Buffer;
}

/** RSA of 2,048 bits, which the oldest OpenSSL that is still about can use. The private key never leaves this process. */
export async function makeSeal(): Promise<Seal> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    publicKey,
    open(sealed, stored) {
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const pass = privateDecrypt({ key: privateKey, padding }, sealed).toString('latin1').trim();
      return opened(stored, pass);
    },
  };
}

/**
 * What `openssl enc -aes-256-cbc -md sha256 -salt` has made: `Salted__`, eight bytes of salt, ciphertext. Key and vector come from
 * EVP_BytesToKey with one round (manual of OpenSSL), which is enough for a password of 256 random bits.
 */
function opened(stored: Buffer, pass: string): Buffer {
  const salt = stored.subarray(8, 16);
  let derived = Buffer.alloc(0);
  let block = Buffer.alloc(0);
  while (derived.length < 48) {
    block = createHash('sha256')
      .update(Buffer.concat([block, Buffer.from(pass, 'latin1'), salt]))
      .digest();
    derived = Buffer.concat([derived, block]);
  }
  const decipher = createDecipheriv('aes-256-cbc', derived.subarray(0, 32), derived.subarray(32, 48));
  return Buffer.concat([decipher.update(stored.subarray(16)), decipher.final()]);
}
