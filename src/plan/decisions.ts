import { isPlainPath } from '../expr/plain-path.ts';
import { isBlock, type Node, type Play, type Playbook, type Task } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import { needsExpressions } from '../template/text-compiler.ts';

/** Whether anything in a playbook is an expression, so that the CEL engine must be loaded; plain paths do without. Most small playbooks decide nothing. */
export function hasExpressions(playbook: Playbook): boolean {
  return (
    holdsExpressions(playbook.vars?.value) ||
    playbook.plays.some((play) => inPlay(play) || [...play.nodes, ...play.handlers].some(inNode))
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

function inNode(node: Node): boolean {
  if (decides(node) || holdsExpressions(node.source.value)) return true;
  if (!isBlock(node)) return inTask(node);
  const { bodies, rescue, always } = node;
  return (
    [...rescue, ...always].some(inNode) ||
    bodies.some(
      ({ nodes, handlers, role }) =>
        [...nodes, ...handlers].some(inNode) ||
        [role?.defaults, role?.vars, role?.outputs].some((fields) => holdsExpressions(fields?.value)),
    )
  );
}

function decides({ when, loop }: Node): boolean {
  return when.some(({ text }) => !isPlainPath(text)) || (typeof loop?.value === 'string' && !isPlainPath(loop.value));
}

function inTask(task: Task): boolean {
  const { changedWhen, failedWhen, until } = task;
  const { conditions = [], expressions = [] } = task.definition;
  return (
    [...changedWhen, ...failedWhen, ...until].some(({ text }) => !isPlainPath(text)) ||
    [...conditions, ...expressions].some((name) => name in task.args.value) ||
    (task.definition.expressionsIn?.(task.args.value) ?? []).some(({ text }) => !isPlainPath(text)) ||
    holdsExpressions(task.args.value)
  );
}
