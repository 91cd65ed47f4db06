import { defineFunction } from '../function.ts';
import { ipOf, networkOf } from '../ip.ts';

export const ipIn = defineFunction({
  name: 'ip_in',
  summary: 'Whether an IP address lies in a network, or in one of several.',
  params: {
    ip: { kind: 'text', about: 'an address' },
    networks: { kind: ['text', 'list'], about: 'a network like `10.0.0.0/8`, or a list of them' },
  },
  result: 'bool',
  call: ({ ip, networks }) => {
    const { version, value } = ipOf(ip);
    return [networks].flat().some((text) => {
      const network = networkOf(String(text));
      return network.version === version && network.first <= value && value <= network.last;
    });
  },
  examples: [
    { args: ['10.1.2.3', '10.0.0.0/8'], result: true },
    { args: ['2001:db8::7', ['10.0.0.0/8', '2001:db8::/32']], result: true },
    { args: ['10.0.1.0', '10.0.0.0/24'], result: false },
  ],
  alsoCalled: ['cidr_contains', 'network_in_usable', 'network_in_network', 'in_network', 'ip_in_network'],
});
