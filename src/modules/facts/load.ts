import type { FactGroup } from '../../model/fact.ts';
import { metricFact } from '../shared/metric-fact.ts';

/** How much is waiting for the processors. */
export const load = {
  name: 'load',
  summary: 'Average number of processes that want to run.',
  ...metricFact('load'),
  example: { one: 0.31, five: 0.24, fifteen: 0.2 },
  fields: {
    'load.one': 'In the last minute.',
    'load.five': 'In the last five minutes.',
    'load.fifteen': 'In the last quarter of an hour.',
  },
} satisfies FactGroup;
