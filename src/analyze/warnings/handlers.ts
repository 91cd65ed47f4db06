import { isBlock, type Node } from '../../model/playbook.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { WarningContext } from './context.ts';

/** Handlers that no task names, chosen by tags or not. */
export function findUnusedHandlers({ plan }: WarningContext): Problem[] {
  return plan.plays.flatMap(({ play, handlers }) => {
    const notified = new Set(notifiedIn(play.nodes));
    for (const { task } of handlers) for (const name of task.notify) notified.add(name);
    return handlers.flatMap(({ task }) => {
      if ([task.name, ...task.listen].some((name) => notified.has(name))) return [];
      return [problem('W_HANDLER_UNUSED', { name: task.name }, task.source.locate(['name']))];
    });
  });
}

function notifiedIn(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => {
    if (!isBlock(node)) return node.notify;
    const parts = [...node.bodies.flatMap((body) => body.nodes), ...node.rescue, ...node.always];
    return [...notifiedIn(parts), ...node.bodies.flatMap(({ handlers }) => handlers.flatMap(({ notify }) => notify))];
  });
}
