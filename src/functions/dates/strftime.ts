import { defineFunction } from '../function.ts';
import { strftimeText } from '../strftime.ts';

export const strftime = defineFunction({
  name: 'strftime',
  summary:
    'A time as text, by a format with the letters of `strftime`: `%Y %m %d %H %M %S %F %T %a %b %j %V %s %z` and so on.',
  params: {
    time: { kind: 'time', about: 'an ISO 8601 text, or seconds since 1970' },
    format: { kind: 'text', about: 'text with letters' },
    zone: { kind: 'text', about: 'a time zone like `Europe/Berlin`', default: 'UTC' },
  },
  result: 'text',
  call: ({ time, format, zone }) => strftimeText(time, format, zone),
  examples: [
    { args: ['2026-01-31T12:00:00Z', '%d.%m.%Y %H:%M'], result: '31.01.2026 12:00' },
    { args: [0, '%F %T'], result: '1970-01-01 00:00:00' },
    { args: ['2026-07-01T12:00:00Z', '%H:%M', 'America/New_York'], result: '08:00' },
  ],
  alsoCalled: ['format_date', 'date_format', 'strftime_now', 'format_time'],
});
