import { createHash } from 'node:crypto';
import { matchHosts } from '../inventory/match-hosts.ts';
import type { Plan, PlannedPlay } from '../plan/planned.ts';
import { batchesOf, createBatch, type OnceWork, stopReason } from './batch.ts';
import { tellPending } from './conclude.ts';
import { connectionDefaults } from './connections.ts';
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
    for (const planned of run.plan.plays) {
      if (run.stopping.aborted) break;
      const play = run.inventory.changes > 0 ? { ...planned, hosts: hostsNow(run, planned) } : planned;
      const hosts = play.hosts.map((name) => run.hostRun(name, connectionDefaults(play.play)));
      for (const host of hosts) touched.set(host.host.name, host);
      for (const host of hosts) if (host.state === 'ended') host.state = 'live';
      const goesOn = await runPlay({
        run,
        play,
        hosts: hosts.filter((host) => host.state === 'live'),
        done: (host) => {
          // At once and not all at the end: a thousand connections that close together keep both sides busy for seconds.
          if (isLast(play, host)) leaving.push(closeLinks(host));
        },
      });
      if (!goesOn || run.asked.exit !== undefined) break;
    }
  } finally {
    // Also those that were only delegated to.
    await Promise.all([...leaving, ...[...run.hosts.values()].map(closeLinks)]);
  }
  const counts: Record<string, HostRun['counts']> = {};
  for (const [name, host] of touched) {
    counts[name] = host.counts;
    if (host.notified.size > 0) tellPending(run, host);
    run.emit({ type: 'host-end', host: name, counts: host.counts });
  }
  const exits = new Set([...touched.values()].flatMap((host) => [...host.exits]));
  const found = [...touched.values()].some((host) => host.counts['would-change'] + host.counts.unknown > 0);
  const without = run.check && run.detailedExit && found ? 10 : 0;
  const exit = run.interruptExit() ?? severity.find((code) => exits.has(code)) ?? run.asked.exit ?? without;
  run.emit({ type: 'run-end', exit, ms: run.now() - from, counts, interrupted: run.stopping.aborted });
  return exit;
}

async function closeLinks({ links }: HostRun): Promise<void> {
  await Promise.all([...links.values()].map((link) => link.close()));
}

/** The hosts of a play after tasks have added to the inventory. `--limit` is about those that were known before. */
function hostsNow({ inventory, plan }: RunContext, { play }: PlannedPlay): string[] {
  const { limit, known } = plan;
  const { hosts } = matchHosts(inventory, play.hosts.value);
  return hosts.filter((name) => !limit || limit.has(name) || !known.has(name));
}

/** Whether a host is done with for good after a play. Where tasks are delegated, any host may still be needed. */
function lastPlays({ plays, joining }: Plan): (play: PlannedPlay, host: HostRun) => boolean {
  const delegates = plays.some((play) => [...play.tasks, ...play.handlers].some((task) => task.delegateTo));
  const last = new Map<string, PlannedPlay>();
  for (const play of plays) for (const name of play.hosts) last.set(name, play);
  return (play, { host, state }) => !delegates && !joining.any && (state !== 'live' || last.get(host.name) === play);
}

/** Takes the hosts through a play, batch by batch. False when what has failed ends the run. */
async function runPlay(options: {
  run: RunContext;
  play: PlannedPlay;
  hosts: readonly HostRun[];
  done(host: HostRun): void;
}): Promise<boolean> {
  const { run, play, hosts, done } = options;
  const ordered = inOrder(run, play, hosts);
  run.emit({
    type: 'play-start',
    play: play.play.index,
    name: play.play.name,
    hosts: ordered.map(({ host }) => host.name),
    tasks: play.tasks.length,
    names: Object.fromEntries([...play.readers, ...play.handlers].map(({ task }) => [task.id, task.name])),
  });
  const byName = new Map(ordered.map((host) => [host.host.name, host]));
  const batches = batchesOf(play, [...byName.keys()]);
  const onceInPlay = new Map<string, OnceWork>();
  let stopped: string | undefined;
  let ended = false;
  for (const [index, names] of batches.entries()) {
    if (run.stopping.aborted || ended) break;
    if (index > 0 && play.play.pause !== undefined && !run.check) await run.sleep(play.play.pause);
    if (batches.length > 1) {
      const message = `batch ${index + 1} of ${batches.length}: ${names.join(', ')}`;
      run.emit({ type: 'note', message });
    }
    const batch = createBatch(names, onceInPlay);
    const members = names.flatMap((name) => byName.get(name) ?? []);
    await Promise.all(members.map((host) => playHost({ run, play, host, batch }).then(() => done(host))));
    ended = batch.ended;
    stopped = stopReason(play, batch);
    if (stopped === undefined) continue;
    const rest = batches.slice(index + 1).flat();
    for (const name of rest) byName.get(name)!.state = 'cancelled';
    const left = rest.length > 0 ? `; not begun: ${rest.join(', ')}` : '';
    run.emit({ type: 'note', message: `the play stops: ${stopped}${left}` });
    break;
  }
  run.emit({ type: 'play-end', play: play.play.index });
  return stopped === undefined;
}

/** What a host has drawn: the run's id decides, so that the same run would shuffle its hosts in the same way. */
function lot(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The hosts in the order that the play asks for. */
function inOrder({ id }: RunContext, { play }: PlannedPlay, hosts: readonly HostRun[]): HostRun[] {
  const byName = (one: HostRun, other: HostRun): number => (one.host.name < other.host.name ? -1 : 1);
  switch (play.order) {
    case 'inventory':
      return [...hosts];
    case 'reverse_inventory':
      return [...hosts].reverse();
    case 'sorted':
      return [...hosts].sort(byName);
    case 'reverse_sorted':
      return [...hosts].sort(byName).reverse();
    case 'shuffle':
      return hosts
        .map((host) => ({ host, at: lot(`${id} ${play.index} ${host.host.name}`) }))
        .sort((one, other) => (one.at < other.at ? -1 : 1))
        .map(({ host }) => host);
  }
}
