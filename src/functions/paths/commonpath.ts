import { posix } from 'node:path';
import { defineFunction, FunctionError } from '../function.ts';
import { itemText } from '../words.ts';

export const commonpath = defineFunction({
  name: 'commonpath',
  summary: 'The longest path that all paths of a list begin with.',
  params: { paths: { kind: 'list', about: 'paths, all absolute or all relative' } },
  result: 'text',
  call: ({ paths }) => {
    const all = paths.map((path) => posix.normalize(itemText(path)));
    const [first] = all;
    if (first === undefined) throw new FunctionError('the list is empty');
    if (all.some((path) => path.startsWith('/') !== first.startsWith('/'))) {
      throw new FunctionError('some paths are absolute and others relative');
    }
    const parts = first.split('/');
    const others = all.map((path) => path.split('/'));
    let count = 0;
    while (count < parts.length && others.every((other) => other[count] === parts[count])) count += 1;
    return parts.slice(0, count).join('/') || (first.startsWith('/') ? '/' : '.');
  },
  examples: [
    { args: [['/srv/shop/a', '/srv/shop/b/c']], result: '/srv/shop' },
    { args: [['/etc/hosts', '/srv']], result: '/' },
  ],
});
