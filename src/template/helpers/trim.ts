import { textOf } from '../argument.ts';
import type { Helper } from '../helper.ts';

export const trim: Helper = {
  name: 'trim',
  summary: 'The text without white space at its ends.',
  args: [1, 1],
  run: (text) => textOf(text).trim(),
  examples: [{ template: '{{trim name}}', vars: { name: ' a ' }, result: 'a' }],
};
