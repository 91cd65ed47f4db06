import { defineFunction, FunctionError } from '../function.ts';
import { itemText } from '../words.ts';

export const urlencode = defineFunction({
  name: 'urlencode',
  summary: 'A text for a part of a URL, or a mapping as a query: `a=1&b=2`.',
  params: { value: { kind: ['text', 'map'], about: 'a text or a mapping' } },
  result: 'text',
  call: ({ value }) => {
    if (typeof value === 'string') return encoded(value);
    const pairs = Object.entries(value).flatMap(([key, one]) =>
      (Array.isArray(one) ? one : [one]).map((item) => `${encoded(key)}=${encoded(itemText(item))}`),
    );
    return pairs.join('&');
  },
  examples: [
    { args: ['a b/ü'], result: 'a%20b%2F%C3%BC' },
    { args: [{ q: 'a&b', n: 1 }], result: 'q=a%26b&n=1' },
  ],
  alsoCalled: ['url_encode', 'quote_plus', 'uri_encode', 'urlquote'],
});

/** RFC 3986: only letters, digits and `-._~` stand for themselves. */
function encoded(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new FunctionError('it holds half of a character');
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
