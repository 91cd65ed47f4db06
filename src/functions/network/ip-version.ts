import { defineFunction } from '../function.ts';
import { ipOf } from '../ip.ts';

export const ipVersion = defineFunction({
  name: 'ip_version',
  summary: 'Whether an IP address is of version 4 or 6.',
  params: { ip: { kind: 'text', about: 'an address' } },
  result: 'integer',
  call: ({ ip }) => ipOf(ip).version,
  examples: [{ args: ['fe80::1'], result: 6 }],
});
