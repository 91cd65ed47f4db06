import { posix } from 'node:path';
import { defineFunction } from '../function.ts';

export const stem = defineFunction({
  name: 'stem',
  summary: 'The last part of a path without its extension.',
  params: { path: { kind: 'text', about: 'a path' } },
  result: 'text',
  call: ({ path }) => posix.parse(path).name,
  examples: [
    { args: ['/backup/shop.tar.gz'], result: 'shop.tar' },
    { args: ['.bashrc'], result: '.bashrc' },
  ],
});
