import type { Playbook } from '../model/playbook.ts';
import type { Scope, Taint } from '../model/scope.ts';
import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { compileVars } from '../plan/compile-vars.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { createScope, NotYet, noValues } from '../render/scope.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import type { Params } from './params.ts';

/** What is the same for all hosts, for texts of a playbook that no task has. */
export interface BookTexts {
  playbook: Playbook;
  compiler: TextCompiler;
  params: Params;
  set: ReadonlyMap<string, Value>;
  env: Readonly<Record<string, string>>;
  taint: Taint;
}

/** What such texts see: parameters, the environment, `--set`, variables of the playbook, and `run` where it is given. */
export function bookScope({ playbook, compiler, params, set, env, taint }: BookTexts, run?: Fields): Scope {
  return createScope({
    bookVars: compileVars(playbook.vars, compiler, []),
    set,
    inventory: new Map(),
    compile: () => {
      throw new Error('there is no inventory here');
    },
    values: noValues(),
    builtin: { params: () => params.values, env: () => ({ ...env }), ...(run && { run: () => run }) },
    taint,
  });
}

/** Fills in the texts of a value. The compiler must have been loaded. Throws ProblemError with the place of what is wrong. */
export function fillIn<T extends Value>(given: Located<T>, scope: Scope, compiler: TextCompiler): T {
  const { value, problems } = compiler.compileValue(given);
  if (!value || problems.length > 0) throw new ProblemError(problems);
  try {
    return value.render(scope) as T;
  } catch (error) {
    if (error instanceof NotYet) throw new ProblemError(problem('E_BOOK_NAME', {}, given.locate()));
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError(error.problems.map((each): Problem => ({ ...each, at: each.at ?? given.locate() })));
  }
}
