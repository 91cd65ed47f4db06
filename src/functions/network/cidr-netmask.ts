import { defineFunction } from '../function.ts';
import { bitsOf, ipText, networkOf } from '../ip.ts';

export const cidrNetmask = defineFunction({
  name: 'cidr_netmask',
  summary: 'The netmask of a network.',
  params: { cidr: { kind: 'text', about: 'a network' } },
  result: 'text',
  call: ({ cidr }) => {
    const { version, prefix } = networkOf(cidr);
    const bits = BigInt(bitsOf(version));
    return ipText({ version, value: (1n << bits) - (1n << (bits - BigInt(prefix))) });
  },
  examples: [
    { args: ['10.0.0.0/20'], result: '255.255.240.0' },
    { args: ['2001:db8::/32'], result: 'ffff:ffff::' },
  ],
  alsoCalled: ['netmask', 'ipnetmask'],
});
