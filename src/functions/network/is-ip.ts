import { defineFunction, FunctionError } from '../function.ts';
import { readIp } from '../ip.ts';

export const isIp = defineFunction({
  name: 'is_ip',
  summary: 'Whether a text is an IP address, of any version or of one.',
  params: {
    text: { kind: 'text', about: 'any text' },
    version: { kind: 'integer', about: '4 or 6; both when not given', optional: true },
  },
  result: 'bool',
  call: ({ text, version }) => {
    if (version !== undefined && version !== 4 && version !== 6) throw new FunctionError('version is 4 or 6');
    const ip = readIp(text);
    return ip !== undefined && (version === undefined || ip.version === version);
  },
  examples: [
    { args: ['10.0.0.1'], result: true },
    { args: ['fe80::1', 4], result: false },
    { args: ['10.0.0.256'], result: false },
  ],
  alsoCalled: ['ipaddr', 'ipv4', 'ipv6', 'is_ipv4', 'is_ipv6', 'ansible.utils.ipaddr', 'isip'],
});
