import { textOf } from '../argument.ts';
import type { Helper } from '../helper.ts';

export const replace: Helper = {
  name: 'replace',
  summary: 'The text with every occurrence of one piece (not a pattern) replaced by another.',
  args: [3, 3],
  run: (text, from, to) => textOf(text).replaceAll(textOf(from), () => textOf(to)),
  examples: [{ template: '{{replace version "." "-"}}', vars: { version: '1.2.3' }, result: '1-2-3' }],
};
