import { defineFunction } from '../function.ts';

export const ternary = defineFunction({
  name: 'ternary',
  summary: 'One of two values, by what is true or false. In an expression `ready ? "a" : "b"` does the same.',
  params: {
    condition: { kind: 'bool', about: 'true or false' },
    yes: { kind: 'any', about: 'what to give when it is true', omittable: true },
    no: { kind: 'any', about: 'what to give when it is false', omittable: true },
  },
  result: 'any',
  call: ({ condition, yes, no }) => (condition ? yes : no),
  examples: [{ args: [true, 'a', 'b'], result: 'a' }],
  alsoCalled: ['iif', 'cond'],
});
