import { defineFunction } from '../function.ts';
import { networkOf } from '../ip.ts';

export const cidrPrefix = defineFunction({
  name: 'cidr_prefix',
  summary: 'The prefix length of a network, also of one that is written with its netmask.',
  params: { cidr: { kind: 'text', about: 'a network' } },
  result: 'integer',
  call: ({ cidr }) => networkOf(cidr).prefix,
  examples: [
    { args: ['10.0.0.0/8'], result: 8 },
    { args: ['10.0.0.0/255.255.255.0'], result: 24 },
  ],
  alsoCalled: ['prefix', 'netmask_to_prefix'],
});
