import { defineFunction } from '../function.ts';

export const secret = defineFunction({
  name: 'secret',
  summary: 'A secret of AWS Secrets Manager, or one field of it where it is JSON; read once before the run.',
  params: {
    name: { kind: 'text', about: 'its name; of another region or account its ARN' },
    key: { kind: 'text', about: 'the field; all of the text when not said', optional: true },
  },
  result: 'text',
  call: ({ name, key }, context) =>
    context.stored({ service: 'secretsmanager', name, ...(key !== undefined && { key }) }),
  examples: [
    { args: ['shop/token'], result: 'tok-4711' },
    { args: ['shop/db', 'password'], result: 'correct-horse' },
  ],
  alsoCalled: ['aws_secret', 'secretsmanager_secret', 'get_secret_value'],
});
