import { similar } from '../util/similar.ts';
import type { AnyFunction } from './function.ts';
import { functions } from './index.gen.ts';

const BY_NAME: ReadonlyMap<string, AnyFunction> = new Map(
  functions.flatMap((one) => [[one.name, one] as const, ...(one.alias ? [[one.alias, one] as const] : [])]),
);

/** The function of a name, or of its second name. */
export function functionNamed(name: string): AnyFunction | undefined {
  return BY_NAME.get(name);
}

/** Every name that a function has. */
export function functionNames(): string[] {
  return [...BY_NAME.keys()];
}

/** What an author means by a name that does not exist: what other tools call so, else the nearest of our names and `others`. */
export function nearestFunction(name: string, others: readonly string[] = []): string | undefined {
  const lower = name.toLowerCase();
  const called = functions.find((one) => one.alsoCalled?.includes(lower));
  return called?.name ?? similar(name, [...BY_NAME.keys(), ...others]);
}
