import type { Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** Looks a rendered variable up; undefined = not set. */
export type Lookup = (name: string) => Value | undefined;

/** A setting as found: under which of its names, and its value. */
export interface Found<T> {
  name: string;
  value: T;
}

/** Turns a value into what a setting wants, or says what it wants and what it got. */
export type Reader<T> = (value: Value) => { value: T } | { wants: string; got: string };

/** Whose settings are read, and where faults go. */
export interface SettingContext {
  host: string;
  get: Lookup;
  locate: (name: string) => Span | undefined;
  problems: Problem[];
}

/**
 * Reads a setting that has several names. Names that say the same are fine; names that differ are a problem,
 * because nobody can see from the files which one counts.
 */
export function readSetting<T>(
  { host, get, locate, problems }: SettingContext,
  names: readonly string[],
  read: Reader<T>,
): Found<T> | undefined {
  const found: Found<T>[] = [];
  for (const name of names) {
    const value = get(name);
    if (value === undefined || value === null) continue;
    const result = read(value);
    if ('value' in result) found.push({ name, value: result.value });
    else problems.push(problem('E_TARGET_VALUE', { host, setting: name, ...result }, locate(name)));
  }
  const [first, ...others] = found;
  const other = others.find((one) => JSON.stringify(one.value) !== JSON.stringify(first?.value));
  if (first && other) {
    const also = locate(other.name);
    const facts = { host, one: first.name, other: other.name };
    problems.push(problem('E_TARGET_TWICE', facts, locate(first.name), also && [{ at: also, label: 'the other one' }]));
  }
  return first;
}

/** What a wrong value is, for `but it …`; passwords come through here, so no value is shown. */
export function gotWords(value: Value): string {
  if (Array.isArray(value)) return 'is a list';
  if (typeof value === 'object') return value === null ? 'is empty' : 'is a mapping';
  if (typeof value === 'boolean') return 'is true or false';
  return typeof value === 'number' ? 'is a number; put it in quotes' : 'is other text';
}
