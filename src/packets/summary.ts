import type { Fields } from '../model/value.ts';
import type { Stacked } from './layer.ts';
import { layers } from './stack.ts';

/** A packet in one line: `Ether / IP / TCP 10.0.0.1:20 > 10.0.0.2:80 S / Raw`. */
export function summaryOf(stack: readonly Stacked[]): string {
  let network: Fields | undefined;
  return stack
    .map(({ name, fields }, at) => {
      const { title, tell } = layers[name];
      const isNetwork = name === 'ip' || name === 'ipv6';
      if (isNetwork) network = { src: fields['src'] ?? '?', dst: fields['dst'] ?? '?' };
      const above = stack[at + 1]?.name;
      const toldAbove = above !== undefined && layers[above].tell !== undefined;
      if (isNetwork && !toldAbove)
        return `${title} ${network?.['src']} > ${network?.['dst']} ${fields['proto'] ?? fields['nh'] ?? ''}`.trimEnd();
      if (name === 'ether' && stack.length === 1) return `${title} ${fields['src'] ?? ''} > ${fields['dst'] ?? ''}`;
      return tell ? `${title} ${tell(fields, network)}` : title;
    })
    .join(' / ');
}

/** Sixteen bytes a line: offset, hexadecimal, and the text of what can be shown. */
export function hexdump(bytes: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const digits = [...row].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
    const text = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${digits.padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}
