import Range from 'semver/classes/range.js';
import SemVer from 'semver/classes/semver.js';
import satisfies from 'semver/functions/satisfies.js';
import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

export const semverSatisfies = defineFunction({
  name: 'semver_satisfies',
  summary: 'Whether a version (semver.org, three numbers) lies in a range as npm writes it.',
  params: {
    version: { kind: 'text', about: 'a version like `1.2.3`' },
    range: { kind: 'text', about: 'like `^1.2`, `~1.2.3`, `>=1.2 <2` or `1.x`' },
  },
  result: 'bool',
  call: ({ version, range }) => {
    attempt(() => new SemVer(version), `${shown(version)} is not a version of three numbers like 1.2.3`);
    attempt(() => new Range(range), `${shown(range)} is not a range like ^1.2 or >=1.2 <2`);
    return satisfies(version, range);
  },
  examples: [
    { args: ['1.10.0', '^1.9'], result: true },
    { args: ['2.0.0', '>=1.2 <2'], result: false },
  ],
  alsoCalled: ['satisfies', 'semver', 'semver_compare'],
});

function attempt(read: () => unknown, otherwise: string): void {
  try {
    read();
  } catch {
    throw new FunctionError(otherwise);
  }
}
