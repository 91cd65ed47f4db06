import { defineFunction, FunctionError } from '../function.ts';
import { bitsOf, ipOf, ipText } from '../ip.ts';

export const ipAdd = defineFunction({
  name: 'ip_add',
  summary: 'The address so many places after another, or before it by a negative number.',
  params: { ip: { kind: 'text', about: 'an address' }, number: { kind: 'integer', about: 'how many places' } },
  result: 'text',
  call: ({ ip, number }) => {
    const { version, value } = ipOf(ip);
    const sum = value + BigInt(number);
    if (sum < 0n || sum >= 1n << BigInt(bitsOf(version))) throw new FunctionError('there is no such address');
    return ipText({ version, value: sum });
  },
  examples: [
    { args: ['10.0.0.250', 10], result: '10.0.1.4' },
    { args: ['::1', -1], result: '::' },
  ],
  alsoCalled: ['ipmath', 'ip_offset'],
});
