import { defineFunction } from '../function.ts';

export const title = defineFunction({
  name: 'title',
  summary: 'A text with every word beginning in upper case.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) =>
    text.toLowerCase().replace(/(^|[^\p{L}\p{N}'])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
  examples: [{ args: ["the shop's front-end"], result: "The Shop's Front-End" }],
});
