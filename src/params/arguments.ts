import type { ParamDeclaration } from '../model/param.ts';
import type { Located, Span } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { type Checked, checkParamValue } from './check-value.ts';

/** What was given for parameters: `values` in their types with defaults, `unchecked` names whose value is a template still. */
export interface Arguments {
  values: Fields;
  unchecked: string[];
  problems: Problem[];
}

/** Checks `with:` against the declarations of a role: unknown, missing and wrong ones all at once. */
export function checkArguments(declarations: readonly ParamDeclaration[], given: Located<Fields>): Arguments {
  const problems = Object.keys(given.value).flatMap((name) => {
    const names = declarations.map((each) => each.name);
    if (names.includes(name)) return [];
    return [
      problem('E_PARAM_NOT_DECLARED', { name, similar: similar(name, names), names }, given.locate([name], 'key')),
    ];
  });
  const values: Fields = {};
  const unchecked: string[] = [];
  for (const declaration of declarations) {
    const { name, help } = declaration;
    const value = given.value[name] ?? declaration.default;
    if (value === undefined) {
      if (declaration.required) problems.push(problem('E_PARAM_REQUIRED', { name, help, ways: [] }, given.locate()));
    } else if (holdsTemplate(value)) {
      values[name] = value;
      unchecked.push(name);
    } else {
      const checked = checkParamValue(declaration, value, { at: given.locate([name]) });
      if (checked.problem) problems.push(checked.problem);
      else values[name] = checked.value;
    }
  }
  return { values, unchecked, problems };
}

/** Checks at run time what was a template when the arguments were checked. */
export function checkRendered(
  declaration: ParamDeclaration,
  value: Value,
  { at }: { at?: Span | undefined } = {},
): Checked {
  return checkParamValue(declaration, value, { ...(at && { at }) });
}

function holdsTemplate(value: Value): boolean {
  if (typeof value === 'string') return value.includes('{{');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsTemplate);
}
