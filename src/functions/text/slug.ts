import { defineFunction } from '../function.ts';

export const slug = defineFunction({
  name: 'slug',
  summary: 'A text as a name of lower-case letters, digits and single hyphens, for files, hosts and addresses.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) =>
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, ''),
  examples: [{ args: ['Crème brûlée, 2 Portionen!'], result: 'creme-brulee-2-portionen' }],
  alsoCalled: ['slugify', 'urlize'],
});
