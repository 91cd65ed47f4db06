import { digest } from '../digest.ts';
import { defineFunction } from '../function.ts';

export const hash = defineFunction({
  name: 'hash',
  summary: 'The hash of a text in UTF-8, in hexadecimal.',
  params: {
    text: { kind: 'text', about: 'any text' },
    algorithm: { kind: 'text', about: '`md5`, `sha1`, `sha224`, `sha256`, `sha384` or `sha512`', default: 'sha1' },
  },
  result: 'text',
  call: ({ text, algorithm }) => digest(text, algorithm),
  examples: [
    { args: ['play', 'md5'], result: 'a3b34c0871dc2fd51eec5559b68f709d' },
    { args: ['play'], result: '516626bf8a5006ecce1803eeb6a747182000d4f8' },
  ],
  alsoCalled: ['checksum'],
});
