import { posix } from 'node:path';
import { defineFunction, FunctionError } from '../function.ts';

export const relpath = defineFunction({
  name: 'relpath',
  summary: 'How a path is written from a directory. Both are absolute, or both are relative.',
  params: { path: { kind: 'text', about: 'a path' }, start: { kind: 'text', about: 'the directory' } },
  result: 'text',
  call: ({ path, start }) => {
    if (posix.isAbsolute(path) !== posix.isAbsolute(start)) {
      throw new FunctionError('one path is absolute and the other relative');
    }
    // What is relative starts at the same place, whichever that is.
    return posix.relative(posix.resolve('/', start), posix.resolve('/', path)) || '.';
  },
  examples: [
    { args: ['/srv/shop/current', '/srv'], result: 'shop/current' },
    { args: ['/etc/hosts', '/srv/shop'], result: '../../etc/hosts' },
  ],
});
