import type { Scope } from '../model/scope.ts';
import type { Fields } from '../model/value.ts';
import { bodiesAround, type PlannedBlock, type PlannedReader } from '../plan/planned.ts';
import { loopNames, rescueNames } from '../render/loop-names.ts';
import { NotYet, noValues, type ScopeFrame } from '../render/scope.ts';

/** What the bodies around a task add to its scope, as far as it is known; `outside` is what the block of a body sees. */
export function framesAround(planned: PlannedReader, outside: (block: PlannedBlock) => Scope): ScopeFrame[] {
  return [...bodiesAround(planned)].reverse().map(({ block, body, vars, defaults }): ScopeFrame => {
    const locals = unknownNames([...loopNames(block), ...(planned.isRescue ? rescueNames : [])]);
    for (const [name, template] of block.with) {
      Object.defineProperty(locals, name, { get: () => template.render(outside(block)), enumerable: true });
    }
    return { locals, vars, defaults, ...(body.role && { values: noValues() }) };
  });
}

/** Names that exist and have no value yet. */
export function unknownNames(names: readonly string[], others: Fields = {}): Fields {
  const fields = Object.defineProperties({}, Object.getOwnPropertyDescriptors(others)) as Fields;
  for (const name of names) {
    Object.defineProperty(fields, name, {
      get: () => {
        throw new NotYet('register', name);
      },
      enumerable: true,
      configurable: true,
    });
  }
  return fields;
}
