import { existsSync } from 'node:fs';
import { controllerPath as pathOf } from '../controller-path.ts';
import { defineFunction } from '../function.ts';

export const controllerExists = defineFunction({
  name: 'controller_exists',
  summary: 'Whether there is something at a path on the controller. For the host, use `stat`.',
  params: { path: { kind: 'text', about: 'a path on the controller' } },
  result: 'bool',
  call: ({ path }, context) => existsSync(pathOf(path, context)),
  examples: [
    { args: ['/'], result: true },
    { args: ['no/such/file'], result: false },
  ],
  alsoCalled: ['exists', 'file_exists', 'path_exists', 'is_exists'],
});
