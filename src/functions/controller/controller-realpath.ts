import { realpathSync } from 'node:fs';
import { controllerPath as pathOf } from '../controller-path.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const controllerRealpath = defineFunction({
  name: 'controller_realpath',
  summary: 'Where a path on the controller leads to when all links are followed.',
  params: { path: { kind: 'text', about: 'a path' } },
  result: 'text',
  call: ({ path }, context) => {
    try {
      return realpathSync(pathOf(path, context));
    } catch {
      throw new FunctionError(`there is no ${path} on the controller`);
    }
  },
  examples: [{ args: ['/'], result: '/' }],
  alsoCalled: ['realpath', 'resolve_path'],
});
