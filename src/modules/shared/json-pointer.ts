import { badArgs } from './args.ts';

/** The names and numbers of a JSON pointer (RFC 6901), which begins with a slash. Throws ProblemError. */
export function pointerSteps(module: string, pointer: string): string[] {
  if (!pointer.startsWith('/')) {
    throw badArgs(module, `pointer "${pointer}" does not begin with /`, 'write for example /server/port');
  }
  if (/~(?![01])/.test(pointer)) {
    throw badArgs(module, `pointer "${pointer}" holds a single ~`, '~0 stands for ~, ~1 for a slash in a name');
  }
  const steps = pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (steps.slice(0, -1).includes('-')) throw badArgs(module, `pointer "${pointer}" has a - that is not its end`);
  return steps;
}

/** The pointer of some steps. */
export function pointerOf(steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The number of a list's element; undefined: it is none. */
export function indexOf(step: string): number | undefined {
  return /^(?:0|[1-9][0-9]{0,8})$/.test(step) ? Number(step) : undefined;
}
