import { statSync } from 'node:fs';
import { controllerPath as pathOf } from '../controller-path.ts';
import { defineFunction } from '../function.ts';

export const controllerIsFile = defineFunction({
  name: 'controller_is_file',
  summary: 'Whether there is a file at a path on the controller, or a link to one.',
  params: { path: { kind: 'text', about: 'a path on the controller' } },
  result: 'bool',
  call: ({ path }, context) => statSync(pathOf(path, context), { throwIfNoEntry: false })?.isFile() ?? false,
  examples: [
    { args: ['motd'], result: true },
    { args: ['/'], result: false },
  ],
  alsoCalled: ['is_file', 'isfile'],
});
