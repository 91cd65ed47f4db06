import type { Plan, PlannedPlay } from '../plan/planned.ts';
import { createBarrier } from './barrier.ts';
import type { HostRun, RunContext } from './context.ts';
import { playHost } from './host-play.ts';

/** Severity of exit codes, highest first (docs/exit-codes.md). */
const severity = [1, 9, 6, 5, 3, 7, 4];

/** Walks every play over its hosts and gives the exit code. Hosts advance independently; plays follow one another. */
export async function runPlan(run: RunContext): Promise<number> {
  const from = run.now();
  const touched = new Map<string, HostRun>();
  const isLast = lastPlays(run.plan);
  const leaving: Promise<void>[] = [];
  try {
    for (const play of run.plan.plays) {
      if (run.stopping.aborted) break;
      for (const name of play.hosts) touched.set(name, run.hostRun(name));
      const hosts = play.hosts.map((name) => run.hostRun(name)).filter((host) => host.state === 'live');
      await runPlay(run, play, hosts, (host) => {
        // At once and not all at the end: a thousand connections that close together keep both sides busy for seconds.
        if (isLast(play, host)) leaving.push(host.link.close());
      });
    }
  } finally {
    // Also those that were only delegated to.
    await Promise.all([...leaving, ...[...run.hosts.values()].map((host) => host.link.close())]);
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

/** Whether a host is done with for good after a play. Where tasks are delegated, any host may still be needed. */
function lastPlays({ plays }: Plan): (play: PlannedPlay, host: HostRun) => boolean {
  const delegates = plays.some((play) => [...play.tasks, ...play.handlers].some((task) => task.delegateTo));
  const last = new Map<string, PlannedPlay>();
  for (const play of plays) for (const name of play.hosts) last.set(name, play);
  return (play, { host, state }) => !delegates && (state !== 'live' || last.get(host.name) === play);
}

async function runPlay(
  run: RunContext,
  play: PlannedPlay,
  hosts: readonly HostRun[],
  done: (host: HostRun) => void,
): Promise<void> {
  run.emit({
    type: 'play-start',
    play: play.play.index,
    name: play.play.name,
    hosts: hosts.map(({ host }) => host.name),
    tasks: play.tasks.length,
    names: Object.fromEntries([...play.tasks, ...play.handlers].map(({ task }) => [task.id, task.name])),
  });
  const barrier = createBarrier(hosts.length);
  await Promise.all(hosts.map((host) => playHost({ run, play, host, barrier }).then(() => done(host))));
  run.emit({ type: 'play-end', play: play.play.index });
}
