import { defineFunction } from '../function.ts';
import { patternOf } from '../pattern.ts';
import { readReplacement } from '../replacement.ts';

export const regexReplace = defineFunction({
  name: 'regex_replace',
  summary: 'A text with every piece that a regular expression fits replaced. `\\1` and `\\g<name>` stand for groups.',
  params: {
    text: { kind: 'text', about: 'what is searched' },
    pattern: { kind: 'pattern', about: 'what is replaced' },
    replacement: { kind: 'text', about: 'by what', default: '' },
    count: { kind: 'integer', about: 'how many at most; 0 means all', default: 0 },
  },
  result: 'text',
  call: ({ text, pattern, replacement, count }) => {
    const compiled = patternOf(pattern);
    const filled = readReplacement(replacement, compiled);
    let [result, from, done] = ['', 0, 0];
    for (const found of compiled.matches(text)) {
      if (count > 0 && done === count) break;
      result += text.slice(from, found.start) + filled(found);
      from = found.end;
      done += 1;
    }
    return result + text.slice(from);
  },
  examples: [
    { args: ['shop-1.9', '[0-9.]+', '2.0'], result: 'shop-2.0' },
    { args: ['ann@example.com', '(?P<user>[a-z]+)@(.*)', '\\g<user> at \\2'], result: 'ann at example.com' },
    { args: ['a-b-c', '-', '', 1], result: 'ab-c' },
  ],
  alsoCalled: ['sub', 'gsub', 'resub', 're_sub', 'regex_sub'],
});
