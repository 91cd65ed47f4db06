import { defineFunction } from '../function.ts';

export const ssm = defineFunction({
  name: 'ssm',
  summary: 'A parameter of AWS Systems Manager Parameter Store, decrypted; read once before the run, and a secret.',
  params: {
    name: { kind: 'text', about: 'its name, also with `:VERSION` or `:LABEL`; of another region or account its ARN' },
  },
  result: 'text',
  call: ({ name }, context) => context.stored({ service: 'ssm', name }),
  examples: [{ args: ['/shop/db/password'], result: 'correct-horse' }],
  alsoCalled: ['aws_ssm', 'ssm_parameter', 'get_parameter'],
});
