import { posix } from 'node:path';
import { defineFunction } from '../function.ts';

export const ext = defineFunction({
  name: 'ext',
  summary: 'The extension of a path with its dot, or an empty text.',
  params: { path: { kind: 'text', about: 'a path' } },
  result: 'text',
  call: ({ path }) => posix.extname(path),
  examples: [
    { args: ['/backup/shop.tar.gz'], result: '.gz' },
    { args: ['.bashrc'], result: '' },
  ],
  alsoCalled: ['extname', 'extension', 'suffix'],
});
