import type { Fields } from '../model/value.ts';
import { ProblemError, problem, sentence } from '../problems/problem.ts';
import type { HostRun, RunContext } from './context.ts';
import { afterFailure, type Cursor } from './cursor.ts';
import { failureOf } from './outcome.ts';
import type { Walk } from './walk.ts';

/** A host that cannot be worked on any more has failed as well, where somebody is prepared for that. */
export function afterUnreachable(walk: Walk, cursor: Cursor, error: ProblemError): Cursor | undefined {
  const failure: Fields = {
    task: null,
    result: { failed: true, unreachable: true, msg: error.problems.map((each) => sentence(each).message).join('; ') },
  };
  const onward = afterFailure(cursor, failure);
  if (!onward) throw error;
  const { run, host } = walk;
  const [fault] = error.problems;
  run.emit({ type: 'note', host: host.host.name, message: fault ? sentence(fault).message : 'cannot be reached' });
  return onward;
}

/** A mistake of ours, as a problem. */
export function bug(error: unknown): ProblemError {
  const where = error instanceof Error ? ` (${error.stack?.split('\n')[1]?.trim() ?? 'no place'})` : '';
  return new ProblemError(
    problem('E_BUG', { detail: `${error instanceof Error ? error.message : String(error)}${where}` }),
  );
}

/** The host cannot be worked on: told once, and it gets no more tasks. */
export function unreachable(run: RunContext, host: HostRun, error: ProblemError): void {
  const fault = error.problems[0];
  if (!fault) throw error;
  host.state = 'unreachable';
  host.counts.unreachable += 1;
  for (const each of error.problems) host.exits.add(sentence(each).exit);
  const failure = failureOf(fault);
  // The event names the host already.
  const named = `${host.host.name}: `;
  if (failure.message.startsWith(named)) failure.message = failure.message.slice(named.length);
  run.emit({ type: 'host-unreachable', host: host.host.name, failure });
}
