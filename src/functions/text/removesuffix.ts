import { defineFunction } from '../function.ts';

export const removesuffix = defineFunction({
  name: 'removesuffix',
  summary: 'A text without a certain end, if it has it.',
  params: { text: { kind: 'text', about: 'any text' }, suffix: { kind: 'text', about: 'what goes away' } },
  result: 'text',
  call: ({ text, suffix }) => (suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text),
  examples: [
    { args: ['shop.tar.gz', '.gz'], result: 'shop.tar' },
    { args: ['shop', ''], result: 'shop' },
  ],
  alsoCalled: ['remove_suffix', 'trim_suffix', 'trimsuffix'],
});
