import { ProblemError } from '../problems/problem.ts';
import type { Group } from '../render/render-group.ts';
import type { RunContext } from './context.ts';

/** Turns items that a saved plan does not allow into failures, before anything of them is sent. */
export function refuseUnplanned({ binding }: RunContext, group: Group): void {
  if (!binding) return;
  const { items, planned, view } = group;
  for (const [index, item] of items.entries()) {
    const refusal = binding.refusal(view.host, item);
    if (!refusal) continue;
    const error = new ProblemError({ ...refusal, at: planned.task.source.locate() });
    items[index] = { ref: item.ref, locals: item.locals, kind: 'done', result: { status: 'failed', error } };
  }
}
