import type { FactGroup } from '../../model/fact.ts';
import { raw } from '../../program/sh.ts';
import { firstLine } from '../shared/fact-text.ts';

/** Which kernel runs. */
export const kernel = {
  name: 'kernel',
  summary: 'The running kernel.',
  program: raw('uname -r'),
  parse: firstLine,
  example: '6.1.0-18-amd64',
  fields: { kernel: 'Release of the running kernel: `6.1.0-18-amd64`.' },
} satisfies FactGroup;
