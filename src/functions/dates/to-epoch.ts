import { defineFunction } from '../function.ts';

export const toEpoch = defineFunction({
  name: 'to_epoch',
  summary: 'The whole seconds from 1970 to a time.',
  params: { time: { kind: 'time', about: 'an ISO 8601 text' } },
  result: 'integer',
  call: ({ time }) => Math.floor(time.getTime() / 1000),
  examples: [{ args: ['2026-01-31T12:00:00Z'], result: 1769860800 }],
  alsoCalled: ['epoch', 'unix_time', 'mktime'],
});
