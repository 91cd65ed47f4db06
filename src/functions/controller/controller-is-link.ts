import { lstatSync } from 'node:fs';
import { controllerPath as pathOf } from '../controller-path.ts';
import { defineFunction } from '../function.ts';

export const controllerIsLink = defineFunction({
  name: 'controller_is_link',
  summary: 'Whether there is a symbolic link at a path on the controller.',
  params: { path: { kind: 'text', about: 'a path on the controller' } },
  result: 'bool',
  call: ({ path }, context) => lstatSync(pathOf(path, context), { throwIfNoEntry: false })?.isSymbolicLink() ?? false,
  examples: [{ args: ['motd'], result: false }],
  alsoCalled: ['is_link', 'islink', 'is_symlink'],
});
