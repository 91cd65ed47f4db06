import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

export const urldecode = defineFunction({
  name: 'urldecode',
  summary: 'The text that a part of a URL stands for; a `+` is a space.',
  params: { text: { kind: 'text', about: 'a part of a URL' } },
  result: 'text',
  call: ({ text }) => {
    try {
      return decodeURIComponent(text.replaceAll('+', ' '));
    } catch {
      throw new FunctionError(`${shown(text)} holds a % without two hexadecimal digits, or no UTF-8`);
    }
  },
  examples: [{ args: ['a%20b%2F%C3%BC'], result: 'a b/ü' }],
  alsoCalled: ['url_decode', 'unquote', 'uri_decode'],
});
