import { defineFunction, FunctionError } from '../function.ts';

export const expandvars = defineFunction({
  name: 'expandvars',
  summary: 'A text in which `$NAME` and `${NAME}` are variables of the environment that play was started in.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }, { env: environment }) =>
    text.replace(/\$(?:(\w+)|\{(\w+)\})/g, (_, bare?: string, braced?: string) => {
      const name = bare ?? braced ?? '';
      const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (value === undefined) throw new FunctionError(`the environment has no ${name}`);
      return value;
    }),
  examples: [{ args: ['$HOME/x-${LANG}'], result: '/home/ann/x-C.UTF-8' }],
  alsoCalled: ['envsubst', 'expand_vars'],
});
