import { createHash } from 'node:crypto';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const sha512 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** As many bytes as asked for, from a block repeated. */
function stretched(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, block);
}

/**
 * The crypt(3) hash `$6$`, after Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512" (version 0.6). The numbers in the comments are
 * the steps of that text.
 */
export function sha512Crypt(password: string, salt: string, rounds: number): string {
  const key = Buffer.from(password, 'utf8');
  const salted = Buffer.from(salt, 'latin1');
  // 4 to 8
  const b = sha512(key, salted, key);
  // 1 to 3, 9 to 12
  const parts: Uint8Array[] = [key, salted, stretched(b, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? b : key);
  let result = sha512(...parts);
  // 13 to 16
  const p = key.length === 0 ? key : stretched(sha512(...Array<Buffer>(key.length).fill(key)), key.length);
  // 17 to 20
  const s = stretched(sha512(...Array<Buffer>(16 + (result[0] ?? 0)).fill(salted)), salted.length);
  // 21
  for (let round = 0; round < rounds; round += 1) {
    const step: Uint8Array[] = [round & 1 ? p : result];
    if (round % 3 !== 0) step.push(s);
    if (round % 7 !== 0) step.push(p);
    step.push(round & 1 ? result : p);
    result = sha512(...step);
  }
  return `$6$${rounds === 5000 ? '' : `rounds=${rounds}$`}${salt}$${encoded(result)}`;
}

/** 22: groups of three bytes, each group one place further than the last and turned by one. */
function encoded(bytes: Buffer): string {
  let text = '';
  let triple = [0, 21, 42];
  for (let i = 0; i < 21; i += 1) {
    const [a = 0, b = 0, c = 0] = triple;
    text += letters(((bytes[a] ?? 0) << 16) | ((bytes[b] ?? 0) << 8) | (bytes[c] ?? 0), 4);
    triple = [b + 1, c + 1, a + 1];
  }
  return text + letters(bytes[63] ?? 0, 2);
}

function letters(value: number, count: number): string {
  return Array.from({ length: count }, (_, i) => ALPHABET[(value >> (6 * i)) & 63]).join('');
}
