import { defineFunction } from '../function.ts';

export const defaultTo = defineFunction({
  name: 'default',
  summary: 'A value, or another one where the first is not defined or null.',
  params: {
    value: { kind: 'any', about: 'a variable or a field', lenient: true },
    fallback: { kind: 'any', about: 'what to use in its absence', omittable: true },
  },
  result: 'any',
  call: ({ value, fallback }) => value ?? fallback,
  examples: [{ args: [80, 8080], result: 80 }],
  alsoCalled: ['d', 'coalesce', 'default_if_none', 'ifempty', 'omit_if_undefined'],
  cel: { instead: 'vars.?NAME.orValue(FALLBACK)' },
});
