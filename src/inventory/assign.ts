import type { Definition } from '../model/inventory.ts';
import type { Span } from '../model/span.ts';
import { variableNameFault as reservedNameFault } from '../parse/names.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { misspelt } from './connection-names.ts';
import type { Assignment } from './draft.ts';
import { variableNameFault } from './names.ts';

/** One variable as it is written. */
export interface Written {
  name: string;
  definition: Definition;
  /** Where its name stands. */
  key?: () => Span;
}

/** Takes a variable, unless its name cannot be one. A name that nothing could reach it by, or a typo of a connection setting, is a problem too. */
export function assign({ name, definition, key }: Written, problems: Problem[]): Assignment[] {
  const fault = variableNameFault(name);
  if (fault) {
    problems.push(problem('E_INVENTORY_VAR_NAME', { name, ...fault }, key?.()));
    return [];
  }
  // What programs print cannot be renamed here, and is there as host.vars.NAME.
  const reserved = definition.data ? undefined : reservedNameFault(name);
  if (reserved?.fault === 'reserved') {
    const facts = { name, ...(reserved.suggestion !== undefined && { suggestion: reserved.suggestion }) };
    problems.push(problem('E_INVENTORY_VAR_RESERVED', facts, key?.()));
  }
  const meant = misspelt(name);
  if (meant !== undefined) problems.push(problem('E_INVENTORY_SETTING', { name, similar: meant }, key?.()));
  return [{ name, definition }];
}
