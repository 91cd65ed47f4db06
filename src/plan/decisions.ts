import { isPlainPath } from '../expr/plain-path.ts';
import type { Play, Playbook, Task } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import { needsExpressions } from '../template/text-compiler.ts';

/** Whether anything in a playbook is an expression, so that the CEL engine must be loaded; plain paths do without. Most small playbooks decide nothing. */
export function hasExpressions(playbook: Playbook): boolean {
  return (
    holdsExpressions(playbook.vars?.value) ||
    playbook.plays.some((play) => inPlay(play) || [...play.tasks, ...play.handlers].some(inTask))
  );
}

/** Whether a string anywhere in a value holds `{{= … }}` or the like. */
export function holdsExpressions(value: Value | undefined): boolean {
  if (typeof value === 'string') return value.includes('{{') && needsExpressions(value);
  if (typeof value !== 'object' || value === null) return false;
  return (Array.isArray(value) ? value : Object.values(value)).some(holdsExpressions);
}

function inPlay({ vars, env }: Play): boolean {
  return holdsExpressions(vars?.value) || holdsExpressions(env?.value);
}

function inTask(task: Task): boolean {
  const { when, changedWhen, failedWhen, until, loop } = task;
  const { conditions = [], expressions = [] } = task.definition;
  return (
    [...when, ...changedWhen, ...failedWhen, ...until].some(({ text }) => !isPlainPath(text)) ||
    (typeof loop?.value === 'string' && !isPlainPath(loop.value)) ||
    [...conditions, ...expressions].some((name) => name in task.args.value) ||
    holdsExpressions(task.source.value) ||
    holdsExpressions(task.args.value)
  );
}
