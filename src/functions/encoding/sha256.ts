import { digest } from '../digest.ts';
import { defineFunction } from '../function.ts';

export const sha256 = defineFunction({
  name: 'sha256',
  summary: 'The SHA-256 hash of a text, in hexadecimal.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) => digest(text, 'sha256'),
  examples: [{ args: ['abc'], result: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }],
  alsoCalled: ['sha256sum', 'sha2'],
});
