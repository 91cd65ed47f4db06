import { posix } from 'node:path';
import { defineFunction } from '../function.ts';

export const basename = defineFunction({
  name: 'basename',
  summary: 'The last part of a path.',
  params: { path: { kind: 'text', about: 'a path' } },
  result: 'text',
  call: ({ path }) => posix.basename(path),
  examples: [
    { args: ['/etc/nginx/nginx.conf'], result: 'nginx.conf' },
    { args: ['/srv/shop/'], result: 'shop' },
  ],
});
