import { defineFunction, FunctionError } from '../function.ts';
import { firstMatch, patternOf } from '../pattern.ts';

export const regexSearch = defineFunction({
  name: 'regex_search',
  summary:
    'The first piece of a text that a regular expression fits, or one group of it; an empty text when there is none.',
  params: {
    text: { kind: 'text', about: 'what is searched' },
    pattern: { kind: 'pattern', about: 'what is looked for' },
    group: { kind: ['integer', 'text'], about: 'the number or the name of a group; 0 is the whole', default: 0 },
  },
  result: 'text',
  call: ({ text, pattern, group }) => {
    const compiled = patternOf(pattern);
    const number = typeof group === 'number' ? group : compiled.names[group];
    if (number === undefined || number < 0 || number > compiled.groupCount) {
      throw new FunctionError(`the pattern has no group ${group}`);
    }
    return firstMatch(compiled, text)?.groups[number] ?? '';
  },
  examples: [
    { args: ['nginx version: nginx/1.24.0', '[0-9.]+'], result: '1.24.0' },
    { args: ['user=ann uid=1000', 'uid=(?P<uid>[0-9]+)', 'uid'], result: '1000' },
    { args: ['none here', '[0-9]+'], result: '' },
  ],
  alsoCalled: ['regex_find', 'regex_first'],
});
