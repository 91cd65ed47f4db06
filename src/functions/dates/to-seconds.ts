import { defineFunction } from '../function.ts';

export const toSeconds = defineFunction({
  name: 'to_seconds',
  summary: 'The number of seconds in a duration like `1h30m`.',
  params: { duration: { kind: 'duration', about: 'numbers with `w`, `d`, `h`, `m`, `s` or `ms`' } },
  result: 'number',
  call: ({ duration }) => duration,
  examples: [
    { args: ['1h30m'], result: 5400 },
    { args: ['2 days'], result: 172800 },
    { args: ['500ms'], result: 0.5 },
  ],
  alsoCalled: ['to_time_unit', 'parse_duration', 'seconds', 'to_minutes'],
});
