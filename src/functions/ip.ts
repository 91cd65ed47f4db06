import { FunctionError } from './function.ts';
import { shown } from './words.ts';

/** An address as a number, which takes the whole range of IPv6. */
export interface Ip {
  version: 4 | 6;
  value: bigint;
}

/** A network: its first address and how many bits it fixes. `host` is the address that was written. */
export interface Network {
  version: 4 | 6;
  first: bigint;
  last: bigint;
  prefix: number;
  host: Ip;
}

/** How many bits an address has. */
export function bitsOf(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

/** Reads an address: four decimal numbers without leading zeros (RFC 6943), or one of the forms of RFC 4291; undefined for anything else. */
export function readIp(text: string): Ip | undefined {
  if (text.includes(':')) return readIp6(text);
  const value = readIp4(text);
  return value === undefined ? undefined : { version: 4, value };
}

function readIp4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((all, part) => all * 256n + BigInt(part), 0n);
}

function readIp6(text: string): Ip | undefined {
  let address = text;
  const embedded = /^(.*:)([0-9.]+)$/.exec(text);
  if (embedded?.[2]?.includes('.')) {
    const value = readIp4(embedded[2]);
    if (value === undefined) return undefined;
    address = `${embedded[1]}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  }
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - before.length - after.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return { version: 6, value: groups.reduce((all, group) => (all << 16n) + BigInt(`0x${group}`), 0n) };
}

/** An address as it is usually written: for IPv6 the form of RFC 5952. */
export function ipText({ version, value }: Ip): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return groups.join(':');
  return `${groups.slice(0, zeros.start).join(':')}::${groups.slice(zeros.start + zeros.length).join(':')}`;
}

function longestZeros(groups: string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** Reads an address. Throws FunctionError. */
export function ipOf(text: string): Ip {
  const ip = readIp(text);
  if (!ip) throw new FunctionError(`${shown(text)} is not an IP address`);
  return ip;
}

/** Reads `address/prefix`, also `address/netmask` of IPv4; an address alone is a network of one. undefined for anything else. */
export function readNetwork(text: string): Network | undefined {
  const [address = '', length, ...more] = text.split('/');
  const host = readIp(address);
  if (!host || more.length > 0) return undefined;
  const bits = bitsOf(host.version);
  const prefix = length === undefined ? bits : prefixOf(length, host.version);
  if (prefix === undefined || prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const first = host.value - (host.value % size);
  return { version: host.version, first, last: first + size - 1n, prefix, host };
}

function prefixOf(text: string, version: 4 | 6): number | undefined {
  if (/^[0-9]{1,3}$/.test(text)) return Number(text);
  const mask = version === 4 ? readIp4(text) : undefined;
  if (mask === undefined) return undefined;
  const ones = mask.toString(2).padStart(32, '0');
  return /^1*0*$/.test(ones) ? ones.replace(/0/g, '').length : undefined;
}

/** Reads a network. Throws FunctionError. */
export function networkOf(text: string): Network {
  const network = readNetwork(text);
  if (!network) throw new FunctionError(`${shown(text)} is not a network like 10.0.0.0/24`);
  return network;
}
