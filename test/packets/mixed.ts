import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Value } from '../../src/model/value.ts';
import type { Captured } from '../../src/packets/captured.ts';
import { buildPacket, readLayers } from '../../src/packets/stack.ts';
import { type CaptureForm, captureHeader, captureRecord } from '../../src/packets/write-capture.ts';

const started = 1_700_000_000;

/** Every packet of built.yml in an Ethernet frame of its own, and some that filters are about; a tenth of a second apart. */
export function mixedFrames(): Captured[] {
  const samples = parse(readFileSync(new URL('built.yml', import.meta.url), 'utf8')) as { layers: Value[] }[];
  const stacks = samples.map(({ layers }) => readLayers(layers));
  const ether = { src: '02:00:00:00:00:0a', dst: '02:00:00:00:00:0b' };
  const framed = stacks.flatMap((stack) => {
    const first = stack[0]!.name;
    if (first === 'ether') return [stack];
    return first === 'ip' || first === 'ipv6' ? [[{ name: 'ether' as const, fields: ether }, ...stack]] : [];
  });
  const more = Array.from({ length: 40 }, (_, i) =>
    readLayers([
      {
        ether: {
          src: `02:00:00:00:01:${(i + 16).toString(16)}`,
          dst: i % 7 === 0 ? 'ff:ff:ff:ff:ff:ff' : '01:00:5e:00:00:01',
        },
      },
      ...(i % 5 === 0 ? [{ vlan: { vlan: 100 + (i % 3) } }] : []),
      { ip: { src: `192.168.${i % 4}.${i}`, dst: i % 3 === 0 ? '10.1.2.3' : '224.0.0.5', ttl: i + 1 } },
      i % 2 === 0
        ? { tcp: { sport: 1000 + i, dport: i % 4 === 0 ? 80 : 443, flags: i % 3 === 0 ? 'S' : 'FA' } }
        : { udp: { sport: 6000 + i, dport: 53 } },
      { raw: 'x'.repeat(i * 20) },
    ]),
  );
  return [...framed, ...more].map((stack, i) => {
    const data = buildPacket(stack);
    return {
      seconds: started + Math.floor(i / 10),
      nanos: (i % 10) * 100_000_000 + i * 1000,
      data,
      length: data.length,
      linkType: 1,
    };
  });
}

/** A whole capture file. */
export function captureOf(frames: readonly Captured[], form: Partial<CaptureForm> = {}): Buffer {
  const whole: CaptureForm = { format: 'pcap', linkType: 1, snaplen: 262_144, isNano: false, ...form };
  return Buffer.concat([captureHeader(whole), ...frames.map((frame) => captureRecord(frame, whole))]);
}
