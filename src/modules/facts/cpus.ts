import type { FactGroup } from '../../model/fact.ts';
import type { Value } from '../../model/value.ts';
import { raw } from '../../program/sh.ts';
import { linesOf, wholeNumber } from '../shared/fact-text.ts';

/** How many processors there are, and what they are. */
export const cpus = {
  name: 'cpus',
  summary: 'The processors.',
  program: raw(`getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null || grep -c '^processor' /proc/cpuinfo
if [ -r /proc/cpuinfo ]; then grep -E '^(model name|Model|Hardware|cpu model|Processor|cpu)[[:blank:]]*:' /proc/cpuinfo
else sysctl -n machdep.cpu.brand_string 2>/dev/null | sed 's/^/model name: /'; fi
true`),
  parse(text): Value {
    const [count, ...rest] = linesOf(text);
    const models = new Map<string, string>();
    for (const line of rest) {
      const found = /^([^:]*?)\s*:\s*(.*?)\s*$/.exec(line);
      if (found && !models.has(found[1] ?? '')) models.set(found[1] ?? '', found[2] ?? '');
    }
    const keys = ['model name', 'Model', 'cpu model', 'Processor', 'Hardware', 'cpu'];
    const model = keys.map((key) => models.get(key)).find((found) => found !== undefined && found !== '');
    return { count: Math.max(1, wholeNumber(count?.trim())), model: model ?? '' };
  },
  example: { count: 2, model: 'AMD EPYC 7763' },
  fields: {
    'cpus.count': 'Processors that are online.',
    'cpus.model': 'What the first one calls itself; empty when it does not say.',
  },
} satisfies FactGroup;
