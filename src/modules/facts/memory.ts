import type { FactGroup } from '../../model/fact.ts';
import type { Value } from '../../model/value.ts';
import { raw } from '../../program/sh.ts';
import { wholeNumber } from '../shared/fact-text.ts';

/** How much memory there is, in bytes. */
export const memory = {
  name: 'memory',
  summary: 'Memory, in bytes.',
  program:
    raw(`if [ -r /proc/meminfo ]; then grep -E '^(MemTotal|MemFree|MemAvailable|Buffers|Cached|SwapTotal):' /proc/meminfo
else echo "MemTotal: $(sysctl -n hw.memsize 2>/dev/null || sysctl -n hw.physmem 2>/dev/null) B"; fi`),
  parse(text): Value {
    const bytes = (name: string): number => {
      const found = new RegExp(`^${name}:\\s*(\\d+)\\s*(kB|B)`, 'm').exec(text);
      return wholeNumber(found?.[1]) * (found?.[2] === 'kB' ? 1024 : 1);
    };
    // Kernels before 3.14 do not say what is available.
    const available = /^MemAvailable:/m.test(text)
      ? bytes('MemAvailable')
      : bytes('MemFree') + bytes('Buffers') + bytes('Cached');
    return { total: bytes('MemTotal'), available, swap_total: bytes('SwapTotal') };
  },
  example: { total: 2_079_997_952, available: 1_512_038_400, swap_total: 0 },
  fields: {
    'memory.total': 'All of it, in bytes.',
    'memory.available': 'What programs can still get without swapping, in bytes.',
    'memory.swap_total': 'Swap space, in bytes.',
  },
} satisfies FactGroup;
