import { isMissing } from '../expr/missing.ts';
import type { Scope } from '../model/scope.ts';
import type { Fields, Value } from '../model/value.ts';
import type { PlannedPlay, PlannedTask } from '../plan/planned.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { NotKnown, NotYet } from '../render/scope.ts';
import { connectionDefaults } from './connections.ts';
import type { HostRun, RunContext } from './context.ts';
import { gatherFacts } from './gather-facts.ts';

/** An expression, and the field that its value goes to. */
interface Wanted {
  name: string;
  text: string;
  path: readonly (string | number)[];
}

interface Surroundings {
  run: RunContext;
  play: PlannedPlay;
  planned: PlannedTask;
  /** What the task would see on another host. */
  scopeOf(host: HostRun): Scope;
}

/** What expressions give for each host of a play. What no host has is a mistake; what only some lack is null there. Throws ProblemError. */
export async function valuesOfHosts(wanted: readonly Wanted[], around: Surroundings): Promise<Fields[]> {
  const { run, play } = around;
  const lacking = new Map<string, { problem: Problem; count: number }>();
  const rows = await Promise.all(
    play.hosts.map(async (name): Promise<Fields> => {
      const host = run.hostRun(name, connectionDefaults(play.play));
      const row: Fields = { host: name };
      for (const one of wanted) row[one.name] = await valueAt(one, { ...around, host, lacking });
      return row;
    }),
  );
  for (const { problem: fault, count } of lacking.values()) if (count === rows.length) throw new ProblemError(fault);
  return rows;
}

async function valueAt(
  { text, name, path }: Wanted,
  around: Surroundings & { host: HostRun; lacking: Map<string, { problem: Problem; count: number }> },
): Promise<Value> {
  const { run, play, planned, host, scopeOf, lacking } = around;
  const at = planned.task.args.locate([...path]);
  const { expression, problems } = run.compiler.compileExpression(text, at);
  if (!expression) throw new ProblemError(problems);
  for (let asked = false; ; asked = true) {
    try {
      return expression.evaluate(scopeOf(host));
    } catch (error) {
      if (error instanceof NotYet && error.what === 'facts' && !asked) {
        if (host.state === 'unreachable' || host.state === 'cancelled') return null;
        await gatherFacts(run, play, host);
        continue;
      }
      if (error instanceof NotYet) {
        const advice = 'run_once: true lets the other hosts come this far before the task runs';
        throw new ProblemError(problem('E_TASK_FAILED', { what: `${host.host.name} has no ${text} yet`, advice }, at));
      }
      if (error instanceof NotKnown || !isMissing(error)) throw error;
      const fault = (error as ProblemError).problems[0];
      if (fault) lacking.set(name, { problem: fault, count: (lacking.get(name)?.count ?? 0) + 1 });
      return null;
    }
  }
}
