import { timeText } from '../clock.ts';
import { defineFunction } from '../function.ts';

export const dateAdd = defineFunction({
  name: 'date_add',
  summary: 'A time that is later than another by a duration, or earlier by a negative one.',
  params: {
    time: { kind: 'time', about: 'an ISO 8601 text, or seconds since 1970' },
    duration: { kind: 'duration', about: 'like `1h30m`, `2 days` or `-90s`, or seconds' },
  },
  result: 'text',
  call: ({ time, duration }) => timeText(new Date(time.getTime() + Math.round(duration * 1000))),
  examples: [
    { args: ['2026-01-31T12:00:00Z', '30d'], result: '2026-03-02T12:00:00Z' },
    { args: ['2026-01-31T12:00:00Z', '-1h30m'], result: '2026-01-31T10:30:00Z' },
  ],
  alsoCalled: ['timedelta', 'add_duration', 'date_sub'],
});
