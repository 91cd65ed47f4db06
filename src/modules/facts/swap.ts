import type { FactGroup } from '../../model/fact.ts';
import { metricFact } from '../shared/metric-fact.ts';

/** Swap space and how full it is. */
export const swap = {
  name: 'swap',
  summary: 'Swap space, in bytes.',
  ...metricFact('swap'),
  example: { total: 1_073_737_728, used: 268_435_456, free: 805_302_272, percent: 25 },
  fields: {
    'swap.total': 'All of it.',
    'swap.used': 'What is in use.',
    'swap.free': 'What is not.',
    'swap.percent': 'How much of it is in use, in percent.',
  },
} satisfies FactGroup;
