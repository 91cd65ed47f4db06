import type { Fields, Value } from '../../model/value.ts';
import type { Statement } from '../../sqlite/statements.ts';
import { type Held, heldOf } from '../../sqlite/values.ts';
import { badArgs } from './args.ts';

/** Values of the author for one time that statements run: by position or by name. */
export type Given = readonly Value[] | Fields;

/** The values of each place of the statements. Throws ProblemError when one has none, a value is left over, or cannot be held. */
export function bound(statements: readonly Statement[], given: Given, row?: number): Record<string, Held> {
  const where = row === undefined ? '' : ` (row ${row})`;
  const hold = (value: Value, name: string): Held => {
    const held = heldOf(value);
    if (typeof held === 'object' && held !== null && 'unheld' in held)
      throw badArgs('sqlite', `the value of ${name}${where} is ${held.unheld}`, 'to_json makes it a text');
    return held;
  };
  const places = statements.flatMap((statement) => statement.places);
  if (Array.isArray(given)) {
    const numbers = positions(places);
    const most = Math.max(0, ...numbers);
    if (most !== given.length)
      throw badArgs('sqlite', `the SQL has places for ${most} values, and ${given.length} are given${where}`);
    return Object.fromEntries(given.map((value, i) => [`?${i + 1}`, hold(value, `?${i + 1}`)]));
  }
  const named = given as Fields;
  const names = [...new Set(places)];
  for (const place of names)
    if (place.startsWith('?') || !Object.hasOwn(named, place.slice(1)))
      throw badArgs('sqlite', `there is no value for ${place}${where}`);
  for (const name of Object.keys(named))
    if (!names.some((place) => place.slice(1) === name))
      throw badArgs('sqlite', `nothing in the SQL takes ${name}${where}`);
  return Object.fromEntries(names.map((place) => [place, hold(named[place.slice(1)] as Value, place)]));
}

/** A `?` takes the place after the highest so far. */
function positions(places: readonly string[]): number[] {
  let highest = 0;
  return places.map((place) => {
    if (!place.startsWith('?')) throw badArgs('sqlite', `${place} has a name, and the values are given as a list`);
    const number = place === '?' ? highest + 1 : Number(place.slice(1));
    highest = Math.max(highest, number);
    return number;
  });
}
