import { timeText } from '../clock.ts';
import { defineFunction } from '../function.ts';

export const toDatetime = defineFunction({
  name: 'to_datetime',
  summary: 'A time as an ISO 8601 text in UTC, from one in another zone or from seconds since 1970.',
  params: { time: { kind: 'time', about: 'an ISO 8601 text, or seconds since 1970' } },
  result: 'text',
  call: ({ time }) => timeText(time),
  examples: [
    { args: ['2026-01-31 13:00+01:00'], result: '2026-01-31T12:00:00Z' },
    { args: [86400], result: '1970-01-02T00:00:00Z' },
  ],
  alsoCalled: ['parse_date', 'strptime', 'from_epoch', 'to_date'],
});
