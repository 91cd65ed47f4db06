import { posix } from 'node:path';
import type { ExpressionFunction } from '../functions.ts';

export const basename: ExpressionFunction = {
  name: 'basename',
  summary: 'The last part of a path.',
  overloads: { 'string.basename(): string': (path: string) => posix.basename(path) },
  examples: [{ expression: '"/etc/nginx/nginx.conf".basename()', result: 'nginx.conf' }],
};
