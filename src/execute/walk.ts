import type { Fields } from '../model/value.ts';
import type { PlannedPlay } from '../plan/planned.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import type { Group, Item, RenderContext } from '../render/render-group.ts';
import type { Batch } from './batch.ts';
import type { Concluder } from './conclude.ts';
import type { HostRun, RunContext } from './context.ts';
import type { Cursor, Frame } from './cursor.ts';

/** What walking a host through a play needs; passed on as one. */
export interface Walk {
  run: RunContext;
  play: PlannedPlay;
  host: HostRun;
  batch: Batch;
  concluder: Concluder;
  /** How texts are filled in at a place. */
  viewAt(frame: Frame | undefined): RenderContext;
  /** Where the tasks stand that were rendered. */
  places: WeakMap<Group, Cursor>;
  /** Goes on from a place until the tasks there end. */
  runFrom(start: Cursor): Promise<void>;
  /** Where the work stands that is under way. */
  at?: Cursor;
  /** What has failed and has led nowhere yet. */
  failed?: { cursor: Cursor; failure: Fields };
}

/** Still to be given tasks? An interrupt cancels what has not begun. */
export function going({ run, host, batch }: Walk): boolean {
  if (host.state === 'live' && run.stopping.aborted) host.state = 'cancelled';
  if (host.state === 'live' && batch.ended) host.state = 'ended';
  return host.state === 'live';
}

/** As whom an item runs on a host; undefined = as whoever is logged in. */
export function becomeOf(group: Group, item: Item, on: HostRun): string | undefined {
  const { planned, view } = group;
  const become = planned.become ?? on.become;
  if (!become?.enabled) return undefined;
  const rendered = planned.becomeUser?.render(view.scope(planned, item.locals)) ?? become.user;
  const user = String(rendered);
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/.test(user)) {
    throw new ProblemError(
      problem('E_TASK_FAILED', { what: `become_user: "${user}" is not a user name` }, planned.task.source.locate()),
    );
  }
  return user === on.user ? undefined : user;
}
