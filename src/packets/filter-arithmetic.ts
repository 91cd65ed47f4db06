import type { FrameView } from './frame-view.ts';
import { PacketError } from './packet-error.ts';

/** A number worked out from a frame: 32 bits without a sign, as in the kernel's machine. */
export type Amount = (view: FrameView) => number;

/** Fields and values with names. */
export const constants: Record<string, number> = {
  tcpflags: 13,
  'tcp-fin': 1,
  'tcp-syn': 2,
  'tcp-rst': 4,
  'tcp-push': 8,
  'tcp-ack': 16,
  'tcp-urg': 32,
  'tcp-ece': 64,
  'tcp-cwr': 128,
  icmptype: 0,
  icmpcode: 1,
  'icmp-echoreply': 0,
  'icmp-unreach': 3,
  'icmp-sourcequench': 4,
  'icmp-redirect': 5,
  'icmp-echo': 8,
  'icmp-routeradvert': 9,
  'icmp-routersolicit': 10,
  'icmp-timxceed': 11,
  'icmp-paramprob': 12,
  'icmp-tstamp': 13,
  'icmp-tstampreply': 14,
  'icmp-ireq': 15,
  'icmp-ireqreply': 16,
  'icmp-maskreq': 17,
  'icmp-maskreply': 18,
  icmp6type: 0,
  icmp6code: 1,
  'icmp6-destinationunreach': 1,
  'icmp6-packettoobig': 2,
  'icmp6-timeexceeded': 3,
  'icmp6-parameterproblem': 4,
  'icmp6-echo': 128,
  'icmp6-echoreply': 129,
  'icmp6-routersolicit': 133,
  'icmp6-routeradvert': 134,
  'icmp6-neighborsolicit': 135,
  'icmp6-neighboradvert': 136,
};

/** How strongly operators bind, the weakest first; the same as in C. */
const ranks: readonly string[][] = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']];

/** The operators that bind as strongly as this rank says; undefined: there is no such rank. */
export const operatorsOf = (rank: number): readonly string[] | undefined => ranks[rank];

/** Two numbers and what joins them. */
export function join(operator: string, a: Amount, b: Amount): Amount {
  switch (operator) {
    case '|':
      return (view) => (a(view) | b(view)) >>> 0;
    case '^':
      return (view) => (a(view) ^ b(view)) >>> 0;
    case '&':
      return (view) => (a(view) & b(view)) >>> 0;
    case '<<':
      return (view) => (b(view) > 31 ? 0 : (a(view) << b(view)) >>> 0);
    case '>>':
      return (view) => (b(view) > 31 ? 0 : a(view) >>> b(view));
    case '+':
      return (view) => (a(view) + b(view)) >>> 0;
    case '-':
      return (view) => (a(view) - b(view)) >>> 0;
    case '*':
      return (view) => Math.imul(a(view), b(view)) >>> 0;
    default:
      return (view) => {
        const divisor = b(view);
        // A division by zero ends the kernel's machine: the frame does not fit.
        if (divisor === 0) view.isShort = true;
        return divisor === 0 ? 0 : operator === '/' ? Math.floor(a(view) / divisor) : a(view) % divisor;
      };
  }
}

/** How two numbers are compared. */
export function compare(operator: string, a: Amount, b: Amount): (view: FrameView) => boolean {
  switch (operator) {
    case '>':
      return (view) => a(view) > b(view);
    case '<':
      return (view) => a(view) < b(view);
    case '>=':
      return (view) => a(view) >= b(view);
    case '<=':
      return (view) => a(view) <= b(view);
    case '!=':
      return (view) => a(view) !== b(view);
    default:
      return (view) => a(view) === b(view);
  }
}

/** One, two or four bytes of the frame; a frame that ends before them fits no filter. */
export function load(view: FrameView, at: number, size: number): number {
  if (at < 0 || at + size > view.data.length) {
    view.isShort = true;
    return 0;
  }
  return size === 1 ? view.data[at]! : view.data.readUIntBE(at, size);
}

/** Where the bytes of a protocol begin, and whether the frame is of it. */
export function baseOf(protocol: string): { fits: (view: FrameView) => boolean; at: (view: FrameView) => number } {
  const inIp4 = (number: number) => ({
    fits: (view: FrameView) => view.type === 0x0800 && view.protocol === number && !view.isFragment,
    at: (view: FrameView) => view.transport,
  });
  const network = (type: number) => ({
    fits: (view: FrameView) => view.type === type,
    at: (view: FrameView) => view.at,
  });
  switch (protocol) {
    case 'ether':
    case 'link':
      return { fits: () => true, at: () => 0 };
    case 'ip':
      return network(0x0800);
    case 'ip6':
      return network(0x86dd);
    case 'arp':
      return network(0x0806);
    case 'rarp':
      return network(0x8035);
    case 'tcp':
      return inIp4(6);
    case 'udp':
      return inIp4(17);
    case 'icmp':
      return inIp4(1);
    case 'igmp':
      return inIp4(2);
    case 'sctp':
      return inIp4(132);
    case 'icmp6':
      return { fits: (view) => view.type === 0x86dd && view.protocol === 58, at: (view) => view.at + 40 };
    default:
      throw new PacketError(`filter: ${protocol}[…] is not known`);
  }
}
