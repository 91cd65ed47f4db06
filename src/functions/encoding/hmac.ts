import { digest } from '../digest.ts';
import { defineFunction } from '../function.ts';

export const hmac = defineFunction({
  name: 'hmac',
  summary: 'The keyed hash of a text (RFC 2104), in hexadecimal.',
  params: {
    text: { kind: 'text', about: 'any text' },
    key: { kind: 'text', about: 'the key' },
    algorithm: { kind: 'text', about: 'as for `hash`', default: 'sha256' },
  },
  result: 'text',
  call: ({ text, key, algorithm }) => digest(text, algorithm, key),
  examples: [
    {
      args: ['what do ya want for nothing?', 'Jefe'],
      result: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    },
  ],
});
