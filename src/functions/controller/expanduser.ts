import { join } from 'node:path';
import { defineFunction } from '../function.ts';

export const expanduser = defineFunction({
  name: 'expanduser',
  summary: 'A path on the controller in which a leading `~` is the home directory of the user there.',
  params: { path: { kind: 'text', about: 'a path' } },
  result: 'text',
  call: ({ path }, { home }) => (path === '~' ? home : path.startsWith('~/') ? join(home, path.slice(2)) : path),
  examples: [
    { args: ['~/.ssh/id_ed25519'], result: '/home/ann/.ssh/id_ed25519' },
    { args: ['/etc/hosts'], result: '/etc/hosts' },
  ],
});
