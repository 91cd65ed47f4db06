import type { FactGroup } from '../../model/fact.ts';
import { metricFact } from '../shared/metric-fact.ts';

/** Who is logged in. */
export const users = {
  name: 'users',
  summary: 'Who is logged in.',
  ...metricFact('users'),
  example: [{ name: 'ops', terminal: 'pts/0', host: '192.0.2.99' }],
  fields: {
    users: 'One entry for each session.',
    'users.name': 'The user.',
    'users.terminal': 'On which terminal.',
    'users.host': 'From which machine; empty when it is this one.',
  },
} satisfies FactGroup;
