import { defineFunction, FunctionError } from '../function.ts';
import { ipText, networkOf } from '../ip.ts';

const MOST = 65_536n;
export const cidrHosts = defineFunction({
  name: 'cidr_hosts',
  summary:
    'The addresses of hosts in a network: in IPv4 without the first and the last, unless it has only one or two.',
  params: { cidr: { kind: 'text', about: 'a network of at most 65536 addresses' } },
  result: 'list',
  call: ({ cidr }) => {
    const { version, first, last, prefix } = networkOf(cidr);
    if (last - first >= MOST)
      throw new FunctionError(`a /${prefix} has too many addresses for a list; cidr_host gives one of them`);
    // RFC 3021: a /31 is a link between two hosts.
    const edge = version === 4 && prefix < 31 ? 1n : 0n;
    const hosts: string[] = [];
    for (let value = first + edge; value <= last - edge; value += 1n) hosts.push(ipText({ version, value }));
    return hosts;
  },
  examples: [
    { args: ['10.0.0.0/30'], result: ['10.0.0.1', '10.0.0.2'] },
    { args: ['10.0.0.4/31'], result: ['10.0.0.4', '10.0.0.5'] },
  ],
  alsoCalled: ['ip_range', 'usable_range', 'hosts_in'],
});
