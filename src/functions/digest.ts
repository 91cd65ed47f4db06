import { createHash, createHmac } from 'node:crypto';
import { FunctionError } from './function.ts';

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
/** The hash of a text in UTF-8, or its HMAC (RFC 2104), in hexadecimal. Throws FunctionError for an algorithm that we do not offer. */
export function digest(text: string, algorithm: string, key?: string): string {
  if (!ALGORITHMS.includes(algorithm))
    throw new FunctionError(`there is no algorithm "${algorithm}"; there are ${ALGORITHMS.join(', ')}`);
  return (key === undefined ? createHash(algorithm) : createHmac(algorithm, key)).update(text, 'utf8').digest('hex');
}
