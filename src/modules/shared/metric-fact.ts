import type { FactGroup } from '../../model/fact.ts';
import { type MetricGroup, metricsProgram } from './metrics-program.ts';
import { readMetrics } from './metrics-read.ts';

/** Seconds that a reading may take: what answers later is not told, as when a sensor hangs. */
const timeout = 4;

/** What `metrics` measures at once, as facts; null where the host does not tell it. */
export function metricFact(
  group: Exclude<MetricGroup, 'cpu' | 'disk_io' | 'network'>,
): Pick<FactGroup, 'program' | 'parse'> {
  return {
    program: metricsProgram([group], { interval: 1, timeout }),
    parse: (text) => readMetrics(text, [group])[group] ?? null,
  };
}
