import { defineFunction, FunctionError } from '../function.ts';
import { ipText, networkOf } from '../ip.ts';

export const cidrBroadcast = defineFunction({
  name: 'cidr_broadcast',
  summary: 'The broadcast address of an IPv4 network, its last one.',
  params: { cidr: { kind: 'text', about: 'a network' } },
  result: 'text',
  call: ({ cidr }) => {
    const { version, last } = networkOf(cidr);
    if (version === 6) throw new FunctionError('IPv6 has no broadcast address');
    return ipText({ version, value: last });
  },
  examples: [{ args: ['192.168.1.0/25'], result: '192.168.1.127' }],
  alsoCalled: ['broadcast'],
});
