import type { Module } from '../model/module.ts';
import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { type Context, type Entries, isUnknown, report } from './context.ts';
import { describe } from './describe.ts';
import { mayBeOmitted, reportLeftOut } from './left-out.ts';
import { reportIssues } from './param-problems.ts';
import { pathText, valueAt } from './paths.ts';
import { withPlainNumbers } from './plain-numbers.ts';

/** A task's module with its parameters. */
export interface Given {
  module: Module;
  /** The task's own mapping. */
  entries: Entries;
  args: Located<Fields>;
}

/**
 * Checks a module's parameters against its schema and its groups of parameters that exclude or need each other.
 * What lies at or below a text with `{{` may be anything until it is rendered. Gives the parameters back,
 * a number whose text had to be kept (`1.0`) turned into a number where one is wanted.
 */
export async function checkParams(context: Context, given: Given): Promise<Located<Fields>> {
  const { module } = given;
  const first = await context.validate(module, given.args.value);
  const value = withPlainNumbers(context, given.args, first);
  const args = value === given.args.value ? given.args : { ...given.args, value };
  const issues = value === given.args.value ? first : await context.validate(module, value);
  const known = issues.filter((issue) => !isUnknown(valueAt(value, issue.path)));
  reportIssues(context, { ...given, args }, known);
  reportTexts(context, { ...given, args });
  reportGroups(context, given);
  await reportLeftOut(context, { ...given, args });
  return args;
}

/** Texts that the module itself refuses. */
function reportTexts(context: Context, { module, args }: Given): void {
  for (const [name, faultOf] of Object.entries(module.texts ?? {})) {
    const value = args.value[name];
    for (const [index, text] of [value].flat().entries()) {
      const detail = typeof text === 'string' && text !== '' && !isUnknown(text) ? faultOf(text) : undefined;
      if (detail === undefined) continue;
      const path = Array.isArray(value) ? [name, index] : [name];
      report(
        context,
        'E_PARAM_INVALID',
        { name: `"${pathText(path)}"`, found: describe(text ?? null), detail },
        args.locate(path),
      );
    }
  }
}

/** The names of a module's parameters, as its check knows them. */
export async function paramsOf(context: Context, module: Module): Promise<string[]> {
  const issues = await context.validate(module, { '': null });
  const unknown = issues.find((issue) => issue.keyword === 'additionalProperties' && issue.path.length === 0);
  const allowed = unknown?.params['allowed'];
  return Array.isArray(allowed) ? allowed.map(String) : [];
}

function reportGroups(context: Context, { module, args, entries }: Given): void {
  const given = (names: readonly string[]): string[] => names.filter((name) => args.value[name] !== undefined);
  for (const names of module.exclusive ?? []) {
    const [first, second] = given(names).filter((name) => !mayBeOmitted(args.value[name]));
    if (first === undefined || second === undefined) continue;
    const also = [{ at: args.locate([first], 'key'), label: `"${first}" is here` }];
    report(context, 'E_PARAM_CONFLICT', { module: module.name, names: [...names] }, args.locate([second], 'key'), also);
  }
  for (const names of module.requireOne ?? []) {
    if (given(names).length > 0) continue;
    report(context, 'E_PARAM_ONE_OF', { module: module.name, names: [...names] }, entries.locate([module.name], 'key'));
  }
}
