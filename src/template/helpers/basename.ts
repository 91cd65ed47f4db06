import { posix } from 'node:path';
import { textOf } from '../argument.ts';
import type { Helper } from '../helper.ts';

export const basename: Helper = {
  name: 'basename',
  summary: 'The last part of a path.',
  args: [1, 1],
  run: (path) => posix.basename(textOf(path)),
  examples: [{ template: '{{basename file}}', vars: { file: '/etc/nginx/nginx.conf' }, result: 'nginx.conf' }],
};
