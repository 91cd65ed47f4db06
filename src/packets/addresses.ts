import { ipText, readIp } from '../functions/ip.ts';
import { PacketError } from './packet-error.ts';

/** Bytes of a hardware address: `02:00:00:00:00:01`, also with `-`. */
export function macBytes(text: string): Buffer {
  if (!/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text))
    throw new PacketError(`"${text}" is not a hardware address like 02:00:00:00:00:01`);
  return Buffer.from(text.replace(/[:-]/g, ''), 'hex');
}

/** A hardware address as text; `length` bytes of it. */
export function macText(bytes: Buffer, at = 0, length = 6): string {
  return bytes
    .toString('hex', at, at + length)
    .replace(/(..)(?=.)/g, '$1:')
    .toLowerCase();
}

/** Bytes of an IP address: four or sixteen. */
export function ipBytes(text: string, version?: 4 | 6): Buffer {
  const ip = readIp(text);
  if (!ip || (version !== undefined && ip.version !== version))
    throw new PacketError(`"${text}" is not an address of IPv${version ?? '4 or IPv6'}`);
  return Buffer.from(ip.value.toString(16).padStart(ip.version === 4 ? 8 : 32, '0'), 'hex');
}

/** An address of IPv4 as text. */
export function ip4Text(bytes: Uint8Array, at = 0): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** An address of IPv6 as text, in the form of RFC 5952. */
export function ip6Text(bytes: Buffer, at = 0): string {
  return ipText({ version: 6, value: BigInt(`0x${bytes.toString('hex', at, at + 16)}`) });
}
