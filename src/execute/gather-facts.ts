import type { Value } from '../model/value.ts';
import { facts as factGroups } from '../modules/facts/index.gen.ts';
import type { PlannedPlay } from '../plan/planned.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import type { HostRun, RunContext } from './context.ts';
import type { SegmentStep } from './segment.ts';

/** Longest that one group of facts may take on a host, ms: a dead mount must not hold up the run. */
const factLimit = 5_000;

/** Asks a host for the groups of facts that the play uses, in one flight. A group that gives nothing is simply not there. */
export async function gatherFacts(run: RunContext, play: PlannedPlay, host: HostRun): Promise<void> {
  const wanted = factGroups.filter((group) => play.factGroups.length === 0 || play.factGroups.includes(group.name));
  const facts: { [name: string]: Value } = {};
  const steps = wanted.map(
    (group): SegmentStep => ({
      runnable: { kind: 'action', reads: true, run: { text: group.program.sh, env: { LC_ALL: 'C' } } },
      ignoreErrors: true,
      timeout: factLimit,
      check: false,
    }),
  );
  const gather = () =>
    host.link.run(steps, {
      intent: () => Promise.resolve(),
      began: () => undefined,
      output: () => undefined,
      ended(index, report) {
        const group = wanted[index];
        if (!group) return;
        if (report.status === 'timeout') {
          run.emit({
            type: 'note',
            host: host.host.name,
            message: `facts.${group.name} took longer than ${factLimit / 1000} s and was left out`,
          });
        } else if (report.status === 'changed') {
          facts[group.name] = group.parse(report.stdout.bytes().toString('utf8'));
        }
      },
    });
  let end = await gather();
  if (end.kind === 'lost') {
    // Nothing was changed, so it can simply be asked again.
    run.emit({ type: 'note', host: host.host.name, message: `connection lost: ${end.reason}` });
    await host.link.settle([]);
    end = await gather();
  }
  if (end.kind === 'lost') {
    throw new ProblemError(problem('E_CONNECTION_LOST', { host: host.host.name, reason: end.reason }));
  }
  host.values.facts = facts;
  run.emit({ type: 'facts', host: host.host.name, facts });
}
