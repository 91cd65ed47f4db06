import { defineFunction } from '../function.ts';
import { ipText, networkOf } from '../ip.ts';

export const cidrNetwork = defineFunction({
  name: 'cidr_network',
  summary: 'The first address of a network, without the prefix length.',
  params: { cidr: { kind: 'text', about: 'a network, or an address in it with a prefix length' } },
  result: 'text',
  call: ({ cidr }) => {
    const { version, first } = networkOf(cidr);
    return ipText({ version, value: first });
  },
  examples: [
    { args: ['192.168.1.77/24'], result: '192.168.1.0' },
    { args: ['2001:db8::abcd/64'], result: '2001:db8::' },
  ],
  alsoCalled: ['network', 'network_id'],
});
