import { digest } from '../digest.ts';
import { defineFunction } from '../function.ts';

export const md5 = defineFunction({
  name: 'md5',
  summary: 'The MD5 hash of a text, in hexadecimal. Not for anything that has to be safe.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) => digest(text, 'md5'),
  examples: [{ args: [''], result: 'd41d8cd98f00b204e9800998ecf8427e' }],
  alsoCalled: ['md5sum'],
});
