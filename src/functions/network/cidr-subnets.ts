import { defineFunction, FunctionError } from '../function.ts';
import { ipText, networkOf } from '../ip.ts';

const MOST = 65_536n;
export const cidrSubnets = defineFunction({
  name: 'cidr_subnets',
  summary: 'The networks of a prefix length that a network can be cut into.',
  params: {
    cidr: { kind: 'text', about: 'a network' },
    prefix: { kind: 'integer', about: 'the longer prefix length of the parts' },
  },
  result: 'list',
  call: ({ cidr, prefix }) => {
    const { version, first, last, prefix: own } = networkOf(cidr);
    const bits = version === 4 ? 32 : 128;
    if (prefix < own || prefix > bits) throw new FunctionError(`a /${own} cannot be cut into /${prefix}`);
    const size = 1n << BigInt(bits - prefix);
    if ((last - first + 1n) / size > MOST)
      throw new FunctionError(`a /${own} has more than ${MOST} networks of /${prefix}`);
    const networks: string[] = [];
    for (let value = first; value <= last; value += size) networks.push(`${ipText({ version, value })}/${prefix}`);
    return networks;
  },
  examples: [
    { args: ['10.0.0.0/24', 26], result: ['10.0.0.0/26', '10.0.0.64/26', '10.0.0.128/26', '10.0.0.192/26'] },
    { args: ['2001:db8::/47', 48], result: ['2001:db8::/48', '2001:db8:1::/48'] },
  ],
  alsoCalled: ['ipsubnet', 'subnets', 'cidrsubnet', 'cidrsubnets'],
});
