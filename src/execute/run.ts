import type { PlannedPlay } from '../plan/planned.ts';
import { createBarrier } from './barrier.ts';
import type { HostRun, RunContext } from './context.ts';
import { playHost } from './host-play.ts';

/** Severity of exit codes, highest first (docs/exit-codes.md). */
const severity = [1, 9, 6, 5, 3, 7, 4];

/** Walks every play over its hosts and gives the exit code. Hosts advance independently; plays follow one another. */
export async function runPlan(run: RunContext): Promise<number> {
  const from = run.now();
  const touched = new Map<string, HostRun>();
  try {
    for (const play of run.plan.plays) {
      if (run.stopping.aborted) break;
      for (const name of play.hosts) touched.set(name, run.hostRun(name));
      const hosts = play.hosts.map((name) => run.hostRun(name)).filter((host) => host.state === 'live');
      await runPlay(run, play, hosts);
    }
  } finally {
    // Also those that were only delegated to.
    await Promise.all([...run.hosts.values()].map((host) => host.link.close()));
  }
  const counts: Record<string, HostRun['counts']> = {};
  for (const [name, host] of touched) {
    counts[name] = host.counts;
    if (host.notified.size > 0) run.emit({ type: 'pending-handlers', host: name, handlers: [...host.notified] });
    run.emit({ type: 'host-end', host: name, counts: host.counts });
  }
  const exits = new Set([...touched.values()].flatMap((host) => [...host.exits]));
  const exit = run.interruptExit() ?? severity.find((code) => exits.has(code)) ?? 0;
  run.emit({ type: 'run-end', exit, ms: run.now() - from, counts, interrupted: run.stopping.aborted });
  return exit;
}

async function runPlay(run: RunContext, play: PlannedPlay, hosts: readonly HostRun[]): Promise<void> {
  run.emit({
    type: 'play-start',
    play: play.play.index,
    name: play.play.name,
    hosts: hosts.map(({ host }) => host.name),
    tasks: play.tasks.length,
    names: Object.fromEntries([...play.tasks, ...play.handlers].map(({ task }) => [task.id, task.name])),
  });
  const barrier = createBarrier(hosts.length);
  await Promise.all(hosts.map((host) => playHost({ run, play, host, barrier })));
  run.emit({ type: 'play-end', play: play.play.index });
}
