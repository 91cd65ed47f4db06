import { controllerPath as pathOf } from '../controller-path.ts';
import { defineFunction } from '../function.ts';

export const controllerPath = defineFunction({
  name: 'controller_path',
  summary: 'A path on the controller as an absolute one: relative ones start beside the playbook.',
  params: { path: { kind: 'text', about: 'a path' } },
  result: 'text',
  call: ({ path }, context) => pathOf(path, context),
  examples: [
    { args: ['~/x'], result: '/home/ann/x' },
    { args: ['/srv/../etc'], result: '/etc' },
  ],
  alsoCalled: ['abspath', 'absolute_path', 'playbook_dir'],
});
