import type { Fields, Value } from '../model/value.ts';

/** What stands at a path of names and numbers in a value: `data.items`, `hits[0].id`; empty: the value itself. Undefined: nothing. */
export function valueAt(value: Value, path: string): Value | undefined {
  let here: Value | undefined = value;
  for (const step of path.split(/[.[\]]+/).filter((each) => each !== '')) {
    if (typeof here !== 'object' || here === null) return undefined;
    const of: Fields = here as Fields;
    here = Object.hasOwn(of, step) && !(Array.isArray(here) && step === 'length') ? of[step] : undefined;
  }
  return here;
}
