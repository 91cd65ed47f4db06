import { defineFunction, FunctionError } from '../function.ts';

export const env = defineFunction({
  name: 'env',
  summary: 'A variable of the environment that play was started in.',
  params: {
    name: { kind: 'text', about: 'the name' },
    default: { kind: 'any', about: 'what to give when it is not set', optional: true, omittable: true },
  },
  result: 'any',
  call: ({ name, default: fallback }, context) => {
    const value = (Object.hasOwn(context.env, name) ? context.env[name] : undefined) ?? fallback;
    if (value === undefined)
      throw new FunctionError(`the environment has no ${name}; a second value is used in its absence`);
    return value;
  },
  examples: [
    { args: ['LANG'], result: 'C.UTF-8' },
    { args: ['NO_SUCH_NAME', 'none'], result: 'none' },
  ],
  alsoCalled: ['getenv', 'environ', 'get_env'],
});
