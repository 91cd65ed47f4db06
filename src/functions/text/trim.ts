import { defineFunction } from '../function.ts';

export const trim = defineFunction({
  name: 'trim',
  summary: 'A text without white space, or without certain characters, at its ends.',
  params: {
    text: { kind: 'text', about: 'any text' },
    characters: { kind: 'text', about: 'what goes away; white space when not given', optional: true },
  },
  result: 'text',
  call: ({ text, characters }) => {
    if (characters === undefined) return text.trim();
    const away = new Set(characters);
    const all = [...text];
    const start = all.findIndex((one) => !away.has(one));
    const end = all.findLastIndex((one) => !away.has(one));
    return start === -1 ? '' : all.slice(start, end + 1).join('');
  },
  examples: [
    { args: [' a '], result: 'a' },
    { args: ['/srv/', '/'], result: 'srv' },
  ],
  alsoCalled: ['strip', 'lstrip', 'rstrip', 'chomp'],
});
