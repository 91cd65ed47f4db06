import type { PlannedPlay, PlannedTask } from '../../plan/planned.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { WarningContext } from './context.ts';

/** Files that two tasks of a play write as a whole, each with what it wants, on the same hosts whatever happens. */
export function findFilesWrittenTwice({ plan }: WarningContext): Problem[] {
  return plan.plays.flatMap((play) => {
    const first = new Map<string, PlannedTask>();
    return play.tasks.flatMap((planned) => {
      const path = writtenBy(planned, play);
      if (path === undefined) return [];
      const before = first.get(path);
      if (!before) first.set(path, planned);
      if (!before || contentOf(before) === contentOf(planned)) return [];
      const facts = { path, other: before.task.name };
      const also = [{ at: before.task.args.locate(['dest']), label: 'first written here' }];
      return [problem('W_FILE_WRITTEN_TWICE', facts, planned.task.args.locate(['dest']), also)];
    });
  });
}

function writtenBy({ task, within, isRescue }: PlannedTask, play: PlannedPlay): string | undefined {
  if (task.module !== 'copy' && task.module !== 'template') return undefined;
  const isAlways = task.when.length === 0 && !within && !isRescue && !task.delegateTo && !task.runOnce;
  const dest = task.args.value['dest'];
  if (!isAlways || play.hosts.length === 0 || typeof dest !== 'string' || dest.includes('{{')) return undefined;
  return dest.endsWith('/') ? undefined : dest;
}

function contentOf({ task: { module, args, vars } }: PlannedTask): string {
  const { src, content } = args.value;
  return JSON.stringify([module, src, content, vars?.value]);
}
