import type { FactGroup } from '../../model/fact.ts';
import { raw } from '../../program/sh.ts';
import { firstLine } from '../shared/fact-text.ts';

/** What kind of machine it is. */
export const arch = {
  name: 'arch',
  summary: 'The kind of machine.',
  program: raw('uname -m'),
  parse: firstLine,
  example: 'x86_64',
  fields: { arch: 'Kind of machine, as the kernel calls it: `x86_64`, `aarch64`.' },
} satisfies FactGroup;
