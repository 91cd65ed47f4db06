import type { FactGroup } from '../../model/fact.ts';
import { metricFact } from '../shared/metric-fact.ts';

/** How warm it is. */
export const sensors = {
  name: 'sensors',
  summary: 'Temperatures.',
  ...metricFact('sensors'),
  example: [{ name: 'coretemp Core 0', celsius: 41 }],
  fields: {
    sensors: 'One entry for each sensor; virtual machines have none.',
    'sensors.name': 'What the driver calls it.',
    'sensors.celsius': 'The temperature.',
  },
} satisfies FactGroup;
