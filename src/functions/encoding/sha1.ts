import { digest } from '../digest.ts';
import { defineFunction } from '../function.ts';

export const sha1 = defineFunction({
  name: 'sha1',
  summary: 'The SHA-1 hash of a text, in hexadecimal.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) => digest(text, 'sha1'),
  examples: [{ args: ['abc'], result: 'a9993e364706816aba3e25717850c26c9cd0d89d' }],
  alsoCalled: ['sha1sum'],
});
