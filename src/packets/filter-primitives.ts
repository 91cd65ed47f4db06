import { readNetwork } from '../functions/ip.ts';
import { ipBytes, macBytes } from './addresses.ts';
import { load } from './filter-arithmetic.ts';
import type { FrameView } from './frame-view.ts';
import { PacketError } from './packet-error.ts';

/** Whether a frame fits. */
export type Test = (view: FrameView) => boolean;

export type Direction = 'src' | 'dst' | 'src or dst' | 'src and dst';

const IP = 0x0800;
const IP6 = 0x86dd;
const etherTypes: Record<string, number> = { ip: IP, ip6: IP6, arp: 0x0806, rarp: 0x8035, loopback: 0x9000 };

/** Protocols that stand in IP, and in which version. */
const protocols: Record<string, { number: number; versions: (4 | 6)[] }> = {
  tcp: { number: 6, versions: [4, 6] },
  udp: { number: 17, versions: [4, 6] },
  sctp: { number: 132, versions: [4, 6] },
  icmp: { number: 1, versions: [4] },
  igmp: { number: 2, versions: [4] },
  icmp6: { number: 58, versions: [6] },
  ah: { number: 51, versions: [4, 6] },
  esp: { number: 50, versions: [4, 6] },
  vrrp: { number: 112, versions: [4] },
  pim: { number: 103, versions: [4, 6] },
};

const services: Record<string, number> = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  pop3: 110,
  ntp: 123,
  imap2: 143,
  snmp: 161,
  ldap: 389,
  https: 443,
  syslog: 514,
  submission: 587,
  ldaps: 636,
  imaps: 993,
  mysql: 3306,
  postgresql: 5432,
};

/** A protocol by itself: `tcp`, `arp`. Undefined: it is none. */
export function protocolTest(name: string): Test | undefined {
  const type = etherTypes[name];
  if (type !== undefined) return (view) => view.type === type;
  const known = protocols[name];
  return known && ipProtocolTest(known.number, known.versions);
}

/** A protocol number in IP; in IPv6 right after its header, or after that of a fragment. */
function ipProtocolTest(number: number, versions: readonly (4 | 6)[]): Test {
  const [four, six] = [versions.includes(4), versions.includes(6)];
  return (view) => {
    if (view.type === IP) return four && view.protocol === number;
    if (view.type !== IP6 || !six) return false;
    return view.protocol === number || (view.protocol === 44 && load(view, view.transport, 1) === number);
  };
}

/** `ip proto 17`, `ether proto 0x88cc`, `proto tcp`. */
export function protoTest(protocol: string | undefined, word: string): Test {
  const name = word.replace(/^\\/, '');
  if (protocol === 'ether') {
    const type = etherTypes[name] ?? numberOf(name);
    return (view) => view.type === type;
  }
  const number = protocols[name]?.number ?? numberOf(name);
  return ipProtocolTest(number, protocol === 'ip' ? [4] : protocol === 'ip6' ? [6] : [4, 6]);
}

function numberOf(word: string): number {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(word)) throw new PacketError(`filter: "${word}" is no protocol`);
  return Number(word);
}

/** Both places of a thing, as the direction asks for them. */
function directed(direction: Direction, src: Test, dst: Test): Test {
  if (direction === 'src') return src;
  if (direction === 'dst') return dst;
  return direction === 'src and dst' ? (view) => src(view) && dst(view) : (view) => src(view) || dst(view);
}

/** `host 10.0.0.1`, `net 10.0.0.0/8`; of IPv4 the addresses of ARP count too, unless a protocol is named. */
export function networkTest(options: {
  protocol: string | undefined;
  direction: Direction;
  word: string;
  isNet: boolean;
}): Test {
  const { protocol, direction, word, isNet } = options;
  const { bytes, mask } = isNet ? netOf(word) : { bytes: addressOf(word), mask: undefined };
  const equal = (view: FrameView, at: number): boolean => {
    if (at + bytes.length > view.data.length) {
      view.isShort = true;
      return false;
    }
    for (let i = 0; i < bytes.length; i += 1)
      if (((view.data[at + i]! ^ bytes[i]!) & (mask ? mask[i]! : 255)) !== 0) return false;
    return true;
  };
  if (bytes.length === 16) {
    if (protocol !== undefined && protocol !== 'ip6')
      throw new PacketError(`filter: ${protocol} has no address like ${word}`);
    const place =
      (offset: number): Test =>
      (view) =>
        view.type === IP6 && equal(view, view.at + offset);
    return directed(direction, place(8), place(24));
  }
  if (protocol === 'ip6') throw new PacketError(`filter: ip6 has no address like ${word}`);
  const place =
    (inIp: number, inArp: number): Test =>
    (view) => {
      if (view.type === IP && (protocol === undefined || protocol === 'ip')) return equal(view, view.at + inIp);
      const isArp = (view.type === 0x0806 && protocol !== 'rarp') || (view.type === 0x8035 && protocol !== 'arp');
      return isArp && protocol !== 'ip' && equal(view, view.at + inArp);
    };
  return directed(direction, place(12, 14), place(16, 24));
}

function addressOf(word: string): Buffer {
  try {
    return ipBytes(word);
  } catch {
    throw new PacketError(`filter: "${word}" is not an address; names are not looked up here`);
  }
}

/** `10.0.0.0/8`, `10.0`, `2001:db8::/32`: what is not written of IPv4 does not count. */
function netOf(word: string): { bytes: Buffer; mask: Buffer } {
  const [address = '', length] = word.split('/');
  const parts = address.split('.');
  const isShort = !address.includes(':') && parts.length < 4;
  const whole = isShort ? [...parts, ...Array<string>(4 - parts.length).fill('0')].join('.') : address;
  const prefix = length ?? (isShort ? String(parts.length * 8) : undefined);
  const network = readNetwork(prefix === undefined ? whole : `${whole}/${prefix}`);
  if (!network) throw new PacketError(`filter: "${word}" is not a network`);
  if (network.host.value !== network.first) throw new PacketError(`filter: ${word} has bits behind its prefix`);
  const bytes = ipBytes(whole);
  const mask = Buffer.alloc(bytes.length);
  for (let bit = 0; bit < network.prefix; bit += 1) mask[bit >> 3]! |= 0x80 >> (bit & 7);
  return { bytes, mask };
}

/** `port 80`, `portrange 6000-6008`, of TCP, UDP and SCTP or one of them. Later fragments have no ports. */
export function portTest(options: {
  protocol: string | undefined;
  direction: Direction;
  word: string;
  isRange: boolean;
}): Test {
  const { protocol, direction, word, isRange } = options;
  const [first, last] = isRange ? rangeOf(word) : [portOf(word), portOf(word)];
  if (protocol !== undefined && !['tcp', 'udp', 'sctp'].includes(protocol))
    throw new PacketError(`filter: ${protocol} has no ports`);
  const only = protocol === undefined ? undefined : protocols[protocol]?.number;
  const place =
    (offset: number): Test =>
    (view) => {
      if (view.protocol < 0 || view.isFragment) return false;
      if (only === undefined ? ![6, 17, 132].includes(view.protocol) : view.protocol !== only) return false;
      const port = load(view, view.transport + offset, 2);
      return port >= first && port <= last;
    };
  return directed(direction, place(0), place(2));
}

function rangeOf(word: string): [number, number] {
  const [a = '', b = a] = word.split('-');
  const [first, last] = [portOf(a), portOf(b)];
  return first <= last ? [first, last] : [last, first];
}

function portOf(word: string): number {
  const port = services[word] ?? (/^\d+$/.test(word) ? Number(word) : -1);
  if (port < 0 || port > 65_535) throw new PacketError(`filter: "${word}" is not a port`);
  return port;
}

/** `ether host 02:00:00:00:00:01`. */
export function etherTest(direction: Direction, word: string): Test {
  let bytes: Buffer;
  try {
    bytes = macBytes(word);
  } catch (error) {
    throw new PacketError(`filter: ${error instanceof Error ? error.message : error}`);
  }
  const place =
    (at: number): Test =>
    (view) =>
      view.linkType === 1 && view.data.length >= at + 6 && view.data.compare(bytes, 0, 6, at, at + 6) === 0;
  return directed(direction, place(6), place(0));
}

/** `broadcast` and `multicast`, of Ethernet or of IP. */
export function manyTest(protocol: string | undefined, word: 'broadcast' | 'multicast'): Test {
  if (protocol === 'ip' && word === 'multicast')
    return (view) => view.type === IP && load(view, view.at + 16, 1) >= 224;
  if (protocol === 'ip6' && word === 'multicast')
    return (view) => view.type === IP6 && load(view, view.at + 24, 1) === 255;
  if (protocol !== undefined && protocol !== 'ether')
    throw new PacketError(`filter: ${protocol} ${word} is not known here`);
  if (word === 'multicast') return (view) => view.linkType === 1 && (load(view, 0, 1) & 1) === 1;
  return (view) => view.linkType === 1 && load(view, 0, 4) === 0xffffffff && load(view, 4, 2) === 0xffff;
}
