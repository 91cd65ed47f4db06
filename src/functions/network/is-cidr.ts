import { defineFunction } from '../function.ts';
import { readNetwork } from '../ip.ts';

export const isCidr = defineFunction({
  name: 'is_cidr',
  summary: 'Whether a text is an IP address with a prefix length behind a slash.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'bool',
  call: ({ text }) => text.includes('/') && readNetwork(text) !== undefined,
  examples: [
    { args: ['10.0.0.0/8'], result: true },
    { args: ['10.0.0.0/33'], result: false },
  ],
  alsoCalled: ['is_network', 'ipsubnet_valid'],
});
