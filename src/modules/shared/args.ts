import { type Problem, ProblemError, problem } from '../../problems/problem.ts';

/** A mistake in a task's parameters, to be thrown by `resource` or `run`; whoever called it adds the place. */
export function badArgs(module: string, detail: string, advice?: string): ProblemError {
  return new ProblemError(problem('E_MODULE_ARGS', { module, detail, ...(advice !== undefined && { advice }) }));
}

interface Rules {
  name: string;
  exclusive?: string[][];
  requireOne?: string[][];
}

/** Throws when parameters exclude each other or none of those that are needed is there. All such mistakes are told together. */
export function checkArgs(rules: Rules, params: object): void {
  const given = (name: string): boolean => (params as Record<string, unknown>)[name] !== undefined;
  const problems: Problem[] = [];
  const tell = (detail: string) => problems.push(problem('E_MODULE_ARGS', { module: rules.name, detail }));
  for (const group of rules.exclusive ?? []) {
    const both = group.filter(given);
    if (both.length > 1) tell(`${both.join(' and ')} exclude each other`);
  }
  for (const group of rules.requireOne ?? []) {
    if (!group.some(given))
      tell(group.length === 1 ? `${group[0]} is missing` : `one of ${group.join(', ')} is needed`);
  }
  if (problems.length > 0) throw new ProblemError(problems);
}

/**
 * A path of the host, ready for a command line: it cannot be taken for an option, and a `~` that no shell will expand is refused.
 * Trailing slashes go (a link to a directory would be followed), except for the root.
 */
export function hostPath(module: string, param: string, path: string): string {
  if (path === '~' || path.startsWith('~/')) {
    throw badArgs(module, `${param} "${path}" begins with ~, which is not expanded`, 'write the absolute path');
  }
  const bare = path.replace(/(?<=[^/])\/+$/, '');
  return bare.startsWith('-') ? `./${bare}` : bare;
}

/** A command that checks a file must say where the file's name goes. */
export function checkValidate(module: string, validate: string | undefined): void {
  if (validate !== undefined && !validate.includes('%s')) {
    throw badArgs(module, 'validate has no %s', '%s stands for the file to check: validate: visudo -cf %s');
  }
}
