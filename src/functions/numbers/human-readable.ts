import { defineFunction, FunctionError } from '../function.ts';

export const humanReadable = defineFunction({
  name: 'human_readable',
  summary: 'A number of bytes as people read it, in steps of 1024.',
  params: {
    bytes: { kind: 'number', about: 'a number of bytes' },
    digits: { kind: 'integer', about: 'how many places after the point', default: 1 },
  },
  result: 'text',
  call: ({ bytes, digits }) => {
    if (digits < 0 || digits > 15) throw new FunctionError('digits is 0 to 15');
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
    let [size, unit] = [Math.abs(bytes), 0];
    while (Number(size.toFixed(digits)) >= 1024 && unit < units.length - 1) {
      size /= 1024;
      unit += 1;
    }
    return `${bytes < 0 ? '-' : ''}${unit === 0 ? size : size.toFixed(digits)} ${units[unit]}`;
  },
  examples: [
    { args: [1536], result: '1.5 KiB' },
    { args: [512], result: '512 B' },
    { args: [1073741824, 0], result: '1 GiB' },
  ],
  alsoCalled: ['filesizeformat', 'humanize', 'bytes', 'naturalsize'],
});
