import { defineFunction, FunctionError } from '../function.ts';
import { randomOf } from '../seeded.ts';

const DEFAULT = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export const randomPassword = defineFunction({
  name: 'random_password',
  summary:
    'A random text for a password. It is the same wherever a host asks for it during a run, and another one in the next run.',
  params: {
    length: { kind: 'integer', about: 'how many characters' },
    purpose: { kind: 'text', about: 'what it is for: each purpose has a password of its own', default: '' },
    characters: { kind: 'text', about: 'what it is made of', default: DEFAULT },
  },
  result: 'text',
  call: ({ length, purpose, characters }, context) => {
    if (length < 1 || length > 4096) throw new FunctionError('length is 1 to 4096');
    if (new Set(characters).size < 2) throw new FunctionError('characters has fewer than two different ones');
    return randomOf(`random_password ${purpose}`, undefined, context).text(length, characters);
  },
  examples: [
    { args: [12], result: 'uCLIVThHMEa0' },
    { args: [8, 'database', 'abcdef0123456789'], result: '90bbb471' },
  ],
  alsoCalled: ['random_string', 'generate_password', 'random_bytes', 'random_hex'],
});
