import { posix } from 'node:path';
import { defineFunction } from '../function.ts';

export const isAbs = defineFunction({
  name: 'is_abs',
  summary: 'Whether a path begins at the root.',
  params: { path: { kind: 'text', about: 'a path' } },
  result: 'bool',
  call: ({ path }) => posix.isAbsolute(path),
  examples: [
    { args: ['/etc/hosts'], result: true },
    { args: ['files/hosts'], result: false },
  ],
  alsoCalled: ['isabs', 'is_absolute'],
});
