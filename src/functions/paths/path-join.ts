import { defineFunction } from '../function.ts';
import { itemText } from '../words.ts';

export const pathJoin = defineFunction({
  name: 'path_join',
  summary:
    'Parts of a path as one path; a part that begins with `/` starts anew, as in a shell that changes directories.',
  params: { parts: { kind: ['text', 'list'], about: 'a part, or a list of them', rest: true } },
  result: 'text',
  call: ({ parts }) =>
    parts
      .flat()
      .map(itemText)
      .reduce((path, part) => (part.startsWith('/') || path === '' ? part : `${path.replace(/\/$/, '')}/${part}`), ''),
  examples: [
    { args: ['/srv', 'shop', 'current'], result: '/srv/shop/current' },
    { args: ['/srv/', '/etc', 'hosts'], result: '/etc/hosts' },
    { args: [['/srv', 'shop']], result: '/srv/shop' },
  ],
  alsoCalled: ['join_path', 'joinpath'],
});
