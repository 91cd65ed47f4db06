import type { FactGroup } from '../../model/fact.ts';
import type { Value } from '../../model/value.ts';
import { raw } from '../../program/sh.ts';
import { linesOf } from '../shared/fact-text.ts';

/**
 * The way out: what `ip` would do with a packet for an address of documentation (RFC 5737), which is sent nowhere. Without `ip` the table
 * of the kernel tells, and on BSDs and macOS route(8) and ifconfig(8).
 */
export const defaultIpv4 = {
  name: 'default_ipv4',
  summary: 'The way from the host to the rest of the world, over IPv4.',
  program: raw(`PATH=$PATH:/usr/sbin:/sbin
if command -v ip >/dev/null 2>&1; then ip -4 route get 192.0.2.1 2>/dev/null
elif [ -r /proc/net/route ]; then cat /proc/net/route
elif command -v route >/dev/null 2>&1; then
play_r=$(route -n get default 2>/dev/null)
echo "$play_r"
ifconfig "$(echo "$play_r" | sed -n 's/^ *interface: *//p')" 2>/dev/null
fi
true`),
  parse: parseRoute,
  example: { address: '192.0.2.7', interface: 'eth0', gateway: '192.0.2.1' },
  fields: {
    'default_ipv4.address': 'Address that the host has on it; empty when it has no way out, or does not say.',
    'default_ipv4.interface': 'Its network interface: `eth0`.',
    'default_ipv4.gateway': 'The next machine on it; empty when there is none in between.',
  },
} satisfies FactGroup;

function parseRoute(text: string): Value {
  let [address, device, gateway] = ['', '', ''];
  for (const line of linesOf(text)) {
    const words = line.trim().split(/\s+/);
    const after = (word: string): string => {
      const at = words.indexOf(word);
      return at < 0 ? '' : (words[at + 1] ?? '');
    };
    if (words.includes('dev')) [address, device, gateway] = [after('src'), after('dev'), after('via')];
    else if (words[0] === 'interface:') device = after('interface:');
    else if (words[0] === 'gateway:') gateway = after('gateway:');
    else if (words[0] === 'inet' && address === '') address = after('inet');
    // Interface, destination 0 and the gateway: bytes of the network's order in words of a machine that has the low one first.
    else if (words[1] === '00000000' && words[7] === '00000000' && device === '') {
      device = words[0] ?? '';
      gateway = (words[2] ?? '').match(/^[0-9A-F]{8}$/)
        ? (words[2]?.match(/../g) ?? [])
            .reverse()
            .map((byte) => Number.parseInt(byte, 16))
            .join('.')
        : '';
    }
  }
  return { address, interface: device, gateway };
}
