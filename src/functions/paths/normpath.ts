import { posix } from 'node:path';
import { defineFunction } from '../function.ts';

export const normpath = defineFunction({
  name: 'normpath',
  summary: 'A path without `.`, `..`, double and trailing slashes. Links are not followed.',
  params: { path: { kind: 'text', about: 'a path' } },
  result: 'text',
  call: ({ path }) => {
    const normal = posix.normalize(path);
    return normal.length > 1 ? normal.replace(/\/$/, '') : normal;
  },
  examples: [
    { args: ['/srv//shop/./releases/../current/'], result: '/srv/shop/current' },
    { args: [''], result: '.' },
  ],
  alsoCalled: ['normalize', 'cleanpath'],
});
