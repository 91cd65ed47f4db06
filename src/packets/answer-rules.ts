import type { Fields } from '../model/value.ts';
import type { LayerName, Stacked } from './layer.ts';
import { parsePacket } from './stack.ts';

/**
 * Bytes that an answer has: at an offset from the network header (`n`) or from what comes after it (`t`). Answers that have options in their IP
 * header have them before `t`.
 */
export interface Condition {
  base: 'n' | 't';
  at: number;
  hex: string;
}

/** One way in which a packet can be an answer: all of the conditions hold. */
export type Rule = Condition[];

const n = (at: number, hex: string): Condition => ({ base: 'n', at, hex });
const t = (at: number, hex: string): Condition => ({ base: 't', at, hex });

/** What answers a packet: its peer the other way round, or an error that quotes it. Empty: none can be told. */
export function answerRules(bytes: Buffer, first: LayerName): Rule[] {
  const stack = parsePacket(bytes, first);
  const at = stack.findIndex(({ name }) => name === 'ip' || name === 'ipv6' || name === 'arp');
  if (at < 0) return [];
  const network = stack[at]!;
  // Where a header begins follows from what all before it take together.
  const start = bytes.length - lengthFrom(stack, bytes, at);
  const header = bytes.subarray(start);
  if (network.name === 'arp') return [[n(6, '0002'), n(14, header.toString('hex', 24, 28))]];
  return network.name === 'ip' ? rulesOfIp4(header, stack[at + 1]) : rulesOfIp6(header, stack.slice(at + 1));
}

const linkLengths: Partial<Record<LayerName, number>> = { ether: 14, vlan: 4, sll: 16, sll2: 20, loopback: 4 };

function lengthFrom(stack: readonly Stacked[], bytes: Buffer, at: number): number {
  return bytes.length - stack.slice(0, at).reduce((sum, { name }) => sum + (linkLengths[name] ?? 0), 0);
}

/** Echoes, times and masks are answered by another type; the number of the question comes back. */
const echoes: Record<number, string> = { 8: '00', 13: '0e', 15: '10', 17: '12' };

function rulesOfIp4(header: Buffer, above: Stacked | undefined): Rule[] {
  const length = (header[0]! & 15) * 4;
  const [protocol, src, dst] = [
    header.toString('hex', 9, 10),
    header.toString('hex', 12, 16),
    header.toString('hex', 16, 20),
  ];
  const isMany = header[16]! >= 224 || dst === 'ffffffff';
  const way = [n(9, protocol), ...(isMany ? [] : [n(12, dst), n(16, src)])];
  const own = transportRule(header.subarray(length), above?.name, echoes);
  const errors = ['03', '04', '05', '0b', '0c'].map((type) => [
    n(9, '01'),
    t(0, type),
    t(20, src),
    t(24, dst),
    ...(own ? [t(28, header.toString('hex', length, length + (isIcmp(above) ? 8 : 4)))] : []),
  ]);
  // The ports that are quoted stand where the header of the quoted packet ends: without options, at 28.
  return [
    [...way, ...(own ?? [])],
    ...(isIcmp(above) ? errors.map((rule) => quotedEcho(rule, header, length)) : errors),
  ];
}

const isIcmp = (above: Stacked | undefined): boolean => above?.name === 'icmp' || above?.name === 'icmpv6';

/** Of an echo that is quoted only its id and its number count: the sum may have been changed on the way. */
function quotedEcho(rule: Rule, header: Buffer, length: number): Rule {
  return [...rule.slice(0, -1), t(32, header.toString('hex', length + 4, length + 8))];
}

function rulesOfIp6(header: Buffer, above: readonly Stacked[]): Rule[] {
  const [src, dst] = [header.toString('hex', 8, 24), header.toString('hex', 24, 40)];
  // An answer need not have the extensions of the question.
  const extensions = above.slice(
    0,
    Math.max(
      0,
      above.findIndex(({ name }) => !name.startsWith('ipv6_')),
    ),
  );
  let next = header.toString('hex', 6, 7);
  let length = 40;
  for (const { name } of extensions) {
    next = header.toString('hex', length, length + 1);
    length += name === 'ipv6_fragment' ? 8 : (header[length + 1]! + 1) * 8;
  }
  return rulesAbove6({ src, dst, next, length, payload: header.subarray(length), above: above[extensions.length] });
}

function rulesAbove6(of: {
  src: string;
  dst: string;
  next: string;
  /** Of the header with its extensions. */
  length: number;
  payload: Buffer;
  above: Stacked | undefined;
}): Rule[] {
  const { src, dst, next, length, payload, above } = of;
  if (above?.name === 'icmpv6' && payload[0] === 135)
    return [[n(6, '3a'), t(0, '88'), t(8, payload.toString('hex', 8, 24))]];
  const isMany = dst.startsWith('ff');
  const own = transportRule(payload, above?.name, { 128: '81', 133: '86' });
  const errors = ['01', '02', '03', '04'].map((type) => [
    n(6, '3a'),
    t(0, type),
    t(16, src),
    t(32, dst),
    ...(own && !isIcmp(above) ? [t(8 + length, payload.toString('hex', 0, 4))] : []),
  ]);
  return [[n(6, next), ...(isMany ? [] : [n(8, dst), n(24, src)]), ...(own ?? [])], ...errors];
}

function transportRule(bytes: Buffer, name: LayerName | undefined, types: Record<number, string>): Rule | undefined {
  if (name === 'icmp' || name === 'icmpv6') {
    const answer = types[bytes[0] ?? -1];
    return answer === undefined
      ? undefined
      : [t(0, answer), ...(bytes[0] === 133 ? [] : [t(4, bytes.toString('hex', 4, 8))])];
  }
  if (name !== 'tcp' && name !== 'udp') return undefined;
  const [sport, dport] = [bytes.toString('hex', 0, 2), bytes.toString('hex', 2, 4)];
  const isDhcp = name === 'udp' && dport === '0043';
  const isDns = name === 'udp' && dport === '0035' && bytes.length >= 20;
  return [
    t(0, dport),
    t(2, sport),
    ...(isDhcp ? [t(12, bytes.toString('hex', 12, 16))] : []),
    ...(isDns ? [t(8, bytes.toString('hex', 8, 10))] : []),
  ];
}

/** Rules as the program that sends reads them: `n9=06,t0=0050|n9=01,…`. */
export function ruleText(rules: readonly Rule[]): string {
  return rules.map((rule) => rule.map(({ base, at, hex }) => `${base}${at}=${hex}`).join(',')).join('|');
}

/** The network layer that a packet is sent to, or the frame when it has none. */
export function destinationOf(stack: readonly Stacked[]): { address?: string; mac?: string } {
  const field = (fields: Fields, name: string): string | undefined =>
    typeof fields[name] === 'string' ? fields[name] : undefined;
  for (const { name, fields } of stack) {
    if (name === 'ip' || name === 'ipv6')
      return { address: field(fields, 'dst') ?? (name === 'ip' ? '127.0.0.1' : '::1') };
    if (name === 'arp') return { address: field(fields, 'pdst') ?? '0.0.0.0' };
  }
  const frame = stack.find(({ name }) => name === 'ether');
  return { mac: frame ? (field(frame.fields, 'dst') ?? 'ff:ff:ff:ff:ff:ff') : '' };
}
