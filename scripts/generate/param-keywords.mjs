import { closed, flag, text } from './kinds.mjs';

/** How a parameter of a playbook or a role is declared. */
export const param = closed({
  type: {
    description: 'What the value is; `string` when not said, `enum` with `enum`.',
    enum: ['string', 'int', 'number', 'bool', 'enum', 'list', 'map', 'path', 'duration', 'size', 'secret'],
    default: 'string',
  },
  required: flag('There is no run without a value.', { default: false }),
  default: { description: 'The value when nothing else gives one.' },
  enum: { description: 'The only values.', type: 'array', minItems: 1, examples: [['staging', 'prod']] },
  pattern: text('A regular expression that the whole text must match.', { examples: ['\\d+\\.\\d+\\.\\d+'] }),
  min: { description: 'The least: of a number, or of the length of a text or list.', type: ['number', 'string'] },
  max: { description: 'The most: of a number, or of the length of a text or list.', type: ['number', 'string'] },
  env: text('The environment variable that gives the value when the command line does not.', {
    examples: ['SHOP_ENV'],
  }),
  positional: flag(
    'It is also given by its place behind the playbook: `play FILE VALUE`. A list takes all that are left.',
    { default: false },
  ),
  prompt: {
    description: 'Asks on a terminal when nothing gives a value; a text is the question.',
    type: ['boolean', 'string'],
    examples: [true, 'Password of the database'],
  },
  confirm: flag('Asks twice.', { default: false }),
  secret: flag('The value is never shown.', { default: false }),
  help: text('What the parameter is for, shown by `--help`.'),
});

/** Parameters by name. */
export const params = (description) => ({
  description,
  type: 'object',
  additionalProperties: { $ref: 'playbook.schema.json#/$defs/param' },
});

/** Keys of `role.yml`. */
export const roleFile = {
  name: text('The name of the role, for people; the folder is what it is used by.'),
  description: text('What the role is for.'),
  params: params('What the role may be given by `with`, with defaults.'),
  outputs: {
    description:
      'What the role hands back, by name: texts with templates, rendered after its last task. `register` keeps them.',
    type: 'object',
  },
};
