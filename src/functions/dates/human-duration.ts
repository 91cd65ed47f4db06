import { defineFunction } from '../function.ts';

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;
export const humanDuration = defineFunction({
  name: 'human_duration',
  summary: 'A duration as people read it, in days, hours, minutes and seconds.',
  params: { duration: { kind: 'duration', about: 'seconds, or a text like `90m`' } },
  result: 'text',
  call: ({ duration }) => {
    let rest = Math.abs(Math.round(duration * 1000) / 1000);
    const parts: string[] = [];
    for (const [unit, size] of UNITS) {
      const count = unit === 's' ? Math.round(rest * 1000) / 1000 : Math.floor(rest / size);
      rest -= count * size;
      if (count > 0) parts.push(`${count}${unit}`);
    }
    return (duration < 0 ? '-' : '') + (parts.join(' ') || '0s');
  },
  examples: [
    { args: [5400], result: '1h 30m' },
    { args: [0], result: '0s' },
    { args: ['90061s'], result: '1d 1h 1m 1s' },
  ],
  alsoCalled: ['format_duration', 'naturaldelta'],
});
