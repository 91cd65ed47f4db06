import { defineFunction } from '../function.ts';
import { inRange } from '../semver-ranges.ts';

export const semverSatisfies = defineFunction({
  name: 'semver_satisfies',
  summary: 'Whether a version (semver.org, three numbers) lies in a range as npm writes it.',
  params: {
    version: { kind: 'text', about: 'a version like `1.2.3`' },
    range: { kind: 'text', about: 'like `^1.2`, `~1.2.3`, `>=1.2 <2` or `1.x`' },
  },
  result: 'bool',
  call: ({ version, range }) => inRange(version, range),
  examples: [
    { args: ['1.10.0', '^1.9'], result: true },
    { args: ['2.0.0', '>=1.2 <2'], result: false },
  ],
  alsoCalled: ['satisfies', 'semver', 'semver_compare'],
});
