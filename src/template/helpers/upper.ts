import { textOf } from '../argument.ts';
import type { Helper } from '../helper.ts';

export const upper: Helper = {
  name: 'upper',
  summary: 'The text in upper case.',
  args: [1, 1],
  run: (text) => textOf(text).toUpperCase(),
  examples: [{ template: '{{upper name}}', vars: { name: 'prod' }, result: 'PROD' }],
};
