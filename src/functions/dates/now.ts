import { timeText } from '../clock.ts';
import { defineFunction } from '../function.ts';
import { strftimeText } from '../strftime.ts';

export const now = defineFunction({
  name: 'now',
  summary: 'When the run began: the same for every host and task.',
  params: {
    format: { kind: 'text', about: 'letters as in `strftime`; ISO 8601 when not given', optional: true },
    zone: { kind: 'text', about: 'a time zone like `Europe/Berlin`', default: 'UTC' },
  },
  result: 'text',
  call: ({ format, zone }, { now: time }) => (format === undefined ? timeText(time) : strftimeText(time, format, zone)),
  examples: [
    { args: ['%Y%m%d-%H%M%S'], result: '20260131-120000' },
    { args: ['%H:%M %:z', 'Europe/Berlin'], result: '13:00 +01:00' },
  ],
  alsoCalled: ['ansible_date_time', 'today', 'utcnow', 'date'],
});
