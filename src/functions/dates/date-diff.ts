import { defineFunction } from '../function.ts';

export const dateDiff = defineFunction({
  name: 'date_diff',
  summary: 'How many seconds the first time is after the second.',
  params: {
    time: { kind: 'time', about: 'the later one' },
    since: { kind: 'time', about: 'the earlier one' },
  },
  result: 'number',
  call: ({ time, since }) => (time.getTime() - since.getTime()) / 1000,
  examples: [{ args: ['2026-02-01T00:00:00Z', '2026-01-31T12:00:00Z'], result: 43200 }],
  alsoCalled: ['time_diff', 'datediff', 'seconds_between'],
});
