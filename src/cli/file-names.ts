import type { Playbook } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { compileVars } from '../plan/compile-vars.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { createScope, NotYet, noValues } from '../render/scope.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import type { Params } from './params.ts';

/** True for a name that holds templates. */
export function isComputed({ value }: Located<string>): boolean {
  return value.includes('{{');
}

/**
 * Fills in names of files that are the same for all hosts: with parameters, the environment, `--set` and variables of the playbook. Undefined
 * when a parameter is not given; what else is wrong becomes a problem.
 */
export function fileNames(options: {
  playbook: Playbook;
  compiler: TextCompiler;
  params: Params;
  set: ReadonlyMap<string, Value>;
  env: Readonly<Record<string, string>>;
  problems: Problem[];
}): (name: Located<string>) => string | undefined {
  const { playbook, compiler, params, set, env, problems } = options;
  return (name) => {
    if (!isComputed(name)) return name.value;
    const { template, problems: wrong } = compiler.compileTemplate(name.value, name.locate());
    problems.push(...wrong);
    if (!template) return undefined;
    // Mistakes in the variables are told where they are planned.
    const bookVars = compileVars(playbook.vars, compiler, []);
    const scope = createScope({
      bookVars,
      set,
      inventory: new Map(),
      compile: () => {
        throw new Error('there is no inventory here');
      },
      values: noValues(),
      builtin: { params: () => params.values, env: () => env },
    });
    try {
      return template.renderText(scope);
    } catch (error) {
      if (error instanceof NotYet) problems.push(problem('E_VARS_FILE_NAME', { name: name.value }, name.locate()));
      else if (!(error instanceof ProblemError)) throw error;
      else if (params.missing.length === 0) problems.push(...error.problems);
      return undefined;
    }
  };
}
