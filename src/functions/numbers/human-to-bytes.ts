import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

const UNITS = 'KMGTP';
export const humanToBytes = defineFunction({
  name: 'human_to_bytes',
  summary: 'The number of bytes that a text like `10G`, `1.5 GiB` or `512MB` stands for, in steps of 1024.',
  params: { size: { kind: 'text', about: 'a number and a unit' } },
  result: 'integer',
  call: ({ size }) => {
    const [, number, unit = ''] = /^\s*([0-9]+(?:\.[0-9]+)?)\s*(?:([KMGTP])(?:i?B)?|B)?\s*$/i.exec(size) ?? [];
    if (number === undefined) throw new FunctionError(`${shown(size)} is not a size like 10G or 1.5 GiB`);
    const power = unit === '' ? 0 : UNITS.indexOf(unit.toUpperCase()) + 1;
    return Math.round(Number(number) * 1024 ** power);
  },
  examples: [
    { args: ['10G'], result: 10737418240 },
    { args: ['1.5 KiB'], result: 1536 },
    { args: ['12'], result: 12 },
  ],
  alsoCalled: ['to_bytes', 'parse_size'],
});
