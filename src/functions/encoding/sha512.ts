import { digest } from '../digest.ts';
import { defineFunction } from '../function.ts';

export const sha512 = defineFunction({
  name: 'sha512',
  summary: 'The SHA-512 hash of a text, in hexadecimal.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) => digest(text, 'sha512'),
  examples: [
    {
      args: ['abc'],
      result:
        'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    },
  ],
  alsoCalled: ['sha512sum'],
});
