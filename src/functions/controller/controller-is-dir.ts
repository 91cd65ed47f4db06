import { statSync } from 'node:fs';
import { controllerPath as pathOf } from '../controller-path.ts';
import { defineFunction } from '../function.ts';

export const controllerIsDir = defineFunction({
  name: 'controller_is_dir',
  summary: 'Whether there is a directory at a path on the controller, or a link to one.',
  params: { path: { kind: 'text', about: 'a path on the controller' } },
  result: 'bool',
  call: ({ path }, context) => statSync(pathOf(path, context), { throwIfNoEntry: false })?.isDirectory() ?? false,
  examples: [
    { args: ['/'], result: true },
    { args: ['motd'], result: false },
  ],
  alsoCalled: ['is_dir', 'isdir', 'is_directory'],
});
