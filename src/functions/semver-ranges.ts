import Range from 'semver/classes/range.js';
import SemVer from 'semver/classes/semver.js';
import { FunctionError } from './function.ts';
import { shown } from './words.ts';

/** Whether a version of semver.org lies in a range as npm writes it. Throws FunctionError when either is not one. */
export function inRange(version: string, range: string): boolean {
  const read = attempt(() => new SemVer(version), `${shown(version)} is not a version of three numbers like 1.2.3`);
  return attempt(() => new Range(range), `${shown(range)} is not a range like ^1.2 or >=1.2 <2`).test(read);
}

function attempt<T>(read: () => T, otherwise: string): T {
  try {
    return read();
  } catch {
    throw new FunctionError(otherwise);
  }
}
