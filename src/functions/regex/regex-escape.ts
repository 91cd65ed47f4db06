import { defineFunction } from '../function.ts';

export const regexEscape = defineFunction({
  name: 'regex_escape',
  summary: 'A text as a regular expression that fits this text and nothing else.',
  params: { text: { kind: 'text', about: 'what is to be found as it is' } },
  result: 'text',
  // The same characters as Python's re.escape.
  call: ({ text }) => text.replace(/[\\^$.*+?()[\]{}|\-&~# \t\n\v\f\r]/g, '\\$&'),
  examples: [
    { args: ['1.2.3'], result: '1\\.2\\.3' },
    { args: ['a|b'], result: 'a\\|b' },
  ],
  alsoCalled: ['re_escape', 'quotemeta'],
});
