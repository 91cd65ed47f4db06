import { defineFunction } from '../function.ts';
import { formatted } from '../printf.ts';

export const format = defineFunction({
  name: 'format',
  summary:
    'A pattern with values in the places of `%s` (text), `%d` (whole number), `%f`, `%x`, `%o` and `%%`; widths and zeros as in printf.',
  params: {
    pattern: { kind: 'text', about: 'text with places' },
    values: { kind: 'any', about: 'a value for each place', rest: true },
  },
  result: 'text',
  call: ({ pattern, values }) => formatted(pattern, values),
  examples: [
    { args: ['%s-%03d', 'web', 7], result: 'web-007' },
    { args: ['%.1f%% of %-5s|', 12.34, 'disk'], result: '12.3% of disk |' },
    { args: ['%x', 255], result: 'ff' },
  ],
  alsoCalled: ['printf', 'sprintf'],
});
