import { posix } from 'node:path';
import type { ExpressionFunction } from '../functions.ts';

export const dirname: ExpressionFunction = {
  name: 'dirname',
  summary: 'A path without its last part.',
  overloads: { 'string.dirname(): string': (path: string) => posix.dirname(path) },
  examples: [{ expression: '"/etc/nginx/nginx.conf".dirname()', result: '/etc/nginx' }],
};
