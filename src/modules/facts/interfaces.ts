import type { FactGroup } from '../../model/fact.ts';
import type { Value } from '../../model/value.ts';
import { raw } from '../../program/sh.ts';
import { linesOf, wholeNumber } from '../shared/fact-text.ts';

/**
 * Network interfaces: from /sys, addresses from \`ip\` (iproute2 or busybox) or else ifconfig.
 * Printed as \`link NAME FLAGS MTU MAC\`, then the tool's own lines.
 */
export const interfaces = {
  name: 'interfaces',
  summary: 'Network interfaces and their addresses.',
  program: raw(`for play_if in /sys/class/net/*; do
if [ -r "$play_if/flags" ]; then
read -r play_flags <"$play_if/flags"
read -r play_mtu <"$play_if/mtu"
play_mac=
if [ -r "$play_if/address" ]; then read -r play_mac <"$play_if/address"; fi
echo "link \${play_if##*/} $play_flags $play_mtu $play_mac"
fi
done
PATH=$PATH:/usr/sbin:/sbin
if command -v ip >/dev/null 2>&1; then ip -o addr show
elif command -v ifconfig >/dev/null 2>&1; then ifconfig -a; fi
true`),
  parse: parseInterfaces,
  example: [{ name: 'eth0', mac: '02:00:5e:10:00:01', mtu: 1500, up: true, addresses: ['192.0.2.7'] }],
  fields: {
    interfaces: 'One entry for each network interface.',
    'interfaces.name': 'Its name: `eth0`.',
    'interfaces.mac': 'Its hardware address; empty when it has none.',
    'interfaces.mtu': 'Largest packet, in bytes.',
    'interfaces.up': 'Whether it is switched on.',
    'interfaces.addresses': 'Its IPv4 and IPv6 addresses, without the length of the network.',
  },
} satisfies FactGroup;

interface Interface {
  mac: string;
  mtu: number;
  up: boolean;
  addresses: string[];
}

function parseInterfaces(text: string): Value {
  const found = new Map<string, Interface>();
  const named = (name: string): Interface => {
    const known = found.get(name) ?? { mac: '', mtu: 0, up: false, addresses: [] };
    found.set(name, known);
    return known;
  };
  let current: Interface | undefined;
  for (const line of linesOf(text)) {
    const link = /^link (\S+) (0x[0-9a-fA-F]{1,8}) (\d+) ?(\S*)/.exec(line);
    const short = /^\d+: (\S+?)(?:@\S+)?:?\s+inet6? ([^\s/]+)/.exec(line);
    const header = /^([A-Za-z0-9_.-]+?):?\s+(?:flags=|Link encap)/.exec(line);
    if (link) {
      const [, name = '', flags, mtu, mac = ''] = link;
      Object.assign(named(name), { mac: isMac(mac) ? mac : '', mtu: wholeNumber(mtu), up: (Number(flags) & 1) === 1 });
    } else if (short) named(short[1] ?? '').addresses.push(short[2] ?? '');
    else if (header) current = named(header[1] ?? '');
    else if (current) readIfconfig(line, current);
    if (header && current) readIfconfig(line, current);
  }
  return [...found].map(([name, { mac, mtu, up, addresses }]) => ({ name, mac, mtu, up, addresses }));
}

/** All zeros is what an interface without a hardware address has. */
function isMac(text: string): boolean {
  return /^[0-9a-f]{2}(:[0-9a-f]{2})+$/i.test(text) && !/^[0:]*$/.test(text);
}

/** The forms of net-tools, busybox and BSD. */
function readIfconfig(line: string, into: Interface): void {
  const address = /\binet6? (?:addr: ?)?([0-9a-fA-F.:]+)/.exec(line) ?? /\binet addr:([0-9.]+)/.exec(line);
  if (address) into.addresses.push(address[1] ?? '');
  const mac = /\b(?:ether|HWaddr) ([0-9a-fA-F:]+)/.exec(line)?.[1];
  if (mac !== undefined && into.mac === '' && isMac(mac)) into.mac = mac.toLowerCase();
  const mtu = /\bmtu[ :](\d+)/i.exec(line)?.[1];
  if (mtu !== undefined && into.mtu === 0) into.mtu = wholeNumber(mtu);
  if (/[<\s]UP[,>\s]/.test(line)) into.up = true;
}
