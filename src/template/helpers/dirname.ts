import { posix } from 'node:path';
import { textOf } from '../argument.ts';
import type { Helper } from '../helper.ts';

export const dirname: Helper = {
  name: 'dirname',
  summary: 'A path without its last part.',
  args: [1, 1],
  run: (path) => posix.dirname(textOf(path)),
  examples: [{ template: '{{dirname file}}', vars: { file: '/etc/nginx/nginx.conf' }, result: '/etc/nginx' }],
};
