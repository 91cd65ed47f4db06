import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Value } from '../../src/model/value.ts';
import type { LayerName } from '../../src/packets/layer.ts';
import { buildPacket, parsePacket, readLayers } from '../../src/packets/stack.ts';
import { hexdump, summaryOf } from '../../src/packets/summary.ts';
import { scapy } from './scapy.ts';

interface Sample {
  name: string;
  layers: Value[];
  scapy: string;
  /** The summaries are alike, too. */
  summary?: boolean;
}

const samples = parse(readFileSync(new URL('built.yml', import.meta.url), 'utf8')) as Sample[];
const theirs = scapy(samples.map((sample) => sample.scapy));

describe('a packet is the same, byte for byte, as that of scapy', () => {
  test.each(samples.map((sample, i) => ({ ...sample, made: theirs[i]! })))('$name', ({ layers, summary, made }) => {
    const stack = readLayers(layers);
    const bytes = buildPacket(stack);
    expect(bytes.toString('hex')).toBe(made.hex);
    expect(hexdump(bytes)).toBe(made.hexdump);
    const first = stack[0]!.name as LayerName;
    const again = parsePacket(bytes, first);
    expect(buildPacket(again).toString('hex')).toBe(made.hex);
    expect(buildPacket(readLayers(again.map((layer) => ({ [layer.name]: layer.fields })))).toString('hex')).toBe(
      made.hex,
    );
    if (summary) expect(summaryOf(again)).toBe(made.summary);
  });

  test('there are enough of them', () => {
    expect(samples.length).toBeGreaterThanOrEqual(60);
  });
});
