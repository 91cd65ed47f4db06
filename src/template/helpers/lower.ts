import { textOf } from '../argument.ts';
import type { Helper } from '../helper.ts';

export const lower: Helper = {
  name: 'lower',
  summary: 'The text in lower case.',
  args: [1, 1],
  run: (text) => textOf(text).toLowerCase(),
  examples: [{ template: '{{lower name}}', vars: { name: 'Web-1' }, result: 'web-1' }],
};
