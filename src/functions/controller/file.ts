import { defineFunction, FunctionError } from '../function.ts';

export const file = defineFunction({
  name: 'file',
  summary:
    'The text of a file on the controller. A relative path starts beside the playbook, or in its `files` folder.',
  params: { path: { kind: 'text', about: 'a path on the controller' } },
  result: 'text',
  call: ({ path }, context) => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(context.readFile(path));
    } catch (error) {
      if (error instanceof TypeError) throw new FunctionError(`${path} is not text in UTF-8`);
      throw error;
    }
  },
  examples: [{ args: ['motd'], result: 'Welcome\n' }],
  alsoCalled: ['read_file', 'readfile', 'slurp', 'template_file', 'file_content'],
});
