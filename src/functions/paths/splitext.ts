import { posix } from 'node:path';
import { defineFunction } from '../function.ts';

export const splitext = defineFunction({
  name: 'splitext',
  summary: 'A path in two parts: up to its extension, and the extension with its dot.',
  params: { path: { kind: 'text', about: 'a path' } },
  result: 'list',
  call: ({ path }) => {
    const extension = posix.extname(path);
    return [path.slice(0, path.length - extension.length), extension];
  },
  examples: [
    { args: ['/etc/nginx.conf'], result: ['/etc/nginx', '.conf'] },
    { args: ['/etc/hosts'], result: ['/etc/hosts', ''] },
  ],
});
