import { posix } from 'node:path';
import { defineFunction } from '../function.ts';

export const dirname = defineFunction({
  name: 'dirname',
  summary: 'A path without its last part.',
  params: { path: { kind: 'text', about: 'a path' } },
  result: 'text',
  call: ({ path }) => posix.dirname(path),
  examples: [
    { args: ['/etc/nginx/nginx.conf'], result: '/etc/nginx' },
    { args: ['nginx.conf'], result: '.' },
  ],
});
