import { defineFunction, FunctionError } from '../function.ts';
import { ipText, networkOf } from '../ip.ts';

export const cidrHost = defineFunction({
  name: 'cidr_host',
  summary: 'One address of a network by its number; negative numbers count from the end.',
  params: {
    cidr: { kind: 'text', about: 'a network' },
    number: { kind: 'integer', about: '0 is the first address, -1 the last' },
  },
  result: 'text',
  call: ({ cidr, number }) => {
    const { version, first, last, prefix } = networkOf(cidr);
    const value = number < 0 ? last + 1n + BigInt(number) : first + BigInt(number);
    if (value < first || value > last) throw new FunctionError(`a /${prefix} has no address number ${number}`);
    return ipText({ version, value });
  },
  examples: [
    { args: ['10.0.0.0/24', 1], result: '10.0.0.1' },
    { args: ['2001:db8::/64', -1], result: '2001:db8::ffff:ffff:ffff:ffff' },
  ],
  alsoCalled: ['nthhost', 'cidrhost', 'next_nth_usable', 'ipnth'],
});
