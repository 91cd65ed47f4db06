import type { FactGroup } from '../../model/fact.ts';
import { raw } from '../../program/sh.ts';
import { firstLine } from '../shared/fact-text.ts';

/** What the host calls itself. */
export const hostname = {
  name: 'hostname',
  summary: 'What the host calls itself.',
  program: raw('uname -n'),
  parse: firstLine,
  example: 'web1',
  fields: { hostname: 'Name that the host gives itself; the name in the inventory is `host.name`.' },
} satisfies FactGroup;
