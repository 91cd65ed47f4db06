import type { EventBody, HostRun, RunContext } from '../execute/context.ts';
import { createHostRuns } from '../execute/host-runs.ts';
import type { Link } from '../execute/link.ts';
import { failureOf } from '../execute/outcome.ts';
import { runPlan } from '../execute/run.ts';
import { createSlots } from '../execute/slots.ts';
import { countTagged } from '../inventory/ssm-settings.ts';
import { type Journal, openJournal } from '../journal/open.ts';
import { newRunId } from '../journal/run-id.ts';
import type { Event } from '../model/event.ts';
import type { Sources } from '../model/span.ts';
import { exitCode } from '../problems/exit-code.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { tee } from '../reporters/tee.ts';
import { maskEvents } from '../secrets/mask-events.ts';
import type { Secrets } from '../secrets/registry.ts';
import { createRunReport, type RunReport } from '../sinks/run-report.ts';
import { announce } from './announce.ts';
import { createAsk } from './ask.ts';
import { askPasswords } from './ask-passwords.ts';
import { placeOf } from './history.ts';
import { listenForInterrupts } from './interrupt.ts';
import { lineFinder } from './line-finder.ts';
import { openLog } from './logging.ts';
import type { RunOptions } from './options.ts';
import { type Prepared, prepare } from './prepare.ts';
import { sendReports } from './reports.ts';
import { maskedError, secretNotes, shownProblems } from './shown-problems.ts';
import { sleepUnless } from './sleep.ts';
import { watchStatistics } from './statistics.ts';
import { createSteps } from './step.ts';
import { plainEnv, type Surroundings } from './surroundings.ts';
import { createTransports } from './transports.ts';
import { createUnderWay, type UnderWay } from './under-way.ts';
import { createViews } from './views.ts';

type Log = Awaited<ReturnType<typeof openLog>>;
type Ready = NonNullable<Prepared['ready']>;

/** What `play plan` and `play apply` add to a run. */
export interface RunHooks {
  /** All is checked and no host contacted. Throws ProblemError when it must not go on. */
  prepared(ready: Ready, sources: Sources, secrets: Secrets): Pick<RunContext, 'concluded' | 'binding'>;
  /** All hosts are done. Throws ProblemError. */
  ended?(exit: number): void;
}

/** Hosts at work at the same time when nothing is said: a handshake costs both sides, and the knee is below this. */
const usualForks = 200;

/** `play FILE`: check everything, then run, record and report. Gives the exit code. */
export async function run(file: string, options: RunOptions, around: Surroundings, hooks?: RunHooks): Promise<number> {
  const statistics = watchStatistics(around.env['PLAY_STATS']);
  const transports = createTransports(options, around);
  transports.warm();
  const { problems, sources, secrets, vault, ready } = await prepare(file, options, around, {
    ask: createAsk(around, () => undefined),
  });
  if (!ready) {
    around.stderr.write(shownProblems(problems, { sources, secrets, around }));
    return exitCode(problems);
  }
  const held = hooks?.prepared(ready, sources, secrets);
  const started = around.now();
  const id = newRunId(started);
  const { views, terminal } = createViews(options, around, id);
  const ask = createAsk(around, () => terminal);
  const chosen = options.step ? createSteps(ask) : undefined;
  const passwords = await askPasswords(options, ask);
  // Before the first event: nothing is taken back from a view or the journal.
  secrets.add({ ...passwords });
  const log = await openLog({ ...ready, options, around }).catch((error: unknown) => {
    throw maskedError(error, secrets);
  });
  const journal = openJournal({ ...placeOf(around), run: id });
  const underWay = createUnderWay();
  const report = createRunReport();
  const show = maskEvents(secrets, tee({ on: journal.record }, underWay, report, log, ...views).on);
  let ended = false;
  const emit = (body: EventBody): void => {
    if (ended) return;
    show({ t: around.now(), ...body } as Event);
    ended = body.type === 'run-end';
  };

  let hosts: ReadonlyMap<string, HostRun> = new Map();
  const interrupts = listenForInterrupts({
    first() {
      emit({ type: 'note', message: 'stopping: running tasks may finish; once more ends them now' });
      for (const link of linksOf(hosts)) void link.interrupt(false);
    },
    second() {
      for (const link of linksOf(hosts)) void link.interrupt(true);
      // Whatever does not end in time is left behind, and the journal says so.
      setTimeout(() => hardStop(), 2_500).unref();
    },
  });
  const hardStop = (): void => {
    const exit = interrupts.exit() ?? 130;
    abandon({ underWay, hosts, emit, exit, since: started, now: around.now });
    terminal?.restore?.();
    void finish(journal, views)
      .catch(() => undefined)
      .finally(() => transports.exit(exit));
  };

  const made = createHostRuns({
    inventory: ready.inventory,
    transports,
    overrides: {
      ...(options.user !== undefined && { user: options.user }),
      ...(options.privateKey !== undefined && { keys: [options.privateKey] }),
      ...(passwords.login !== undefined && { password: passwords.login }),
      ...(passwords.become !== undefined && { becomePassword: passwords.become }),
    },
    connect: {
      signal: interrupts.stopping,
      hostKeys: { files: options.knownHosts, acceptNew: options.acceptNew ?? false },
      ...(options.sshConfig !== undefined && { sshConfig: options.sshConfig }),
      ...(ask && { ask }),
      pace: transports.pace,
      secretsIn: secrets.secretsIn,
      hasSecrets: () => !secrets.isEmpty(),
      note: (message) => emit({ type: 'note', message }),
      run: id,
      tagged: countTagged(ready.inventory),
      outstanding: (command) => emit({ type: 'command', ...command }),
      ...(options.forks !== undefined && { atOnce: options.forks }),
    },
    names: {
      env: () => plainEnv(around.env),
      params: () => ready.params.values,
      stdin: () => ready.stdin.value(),
      run: () => ({ id, check: options.check ?? false, playbook: file, started: new Date(around.now()).toISOString() }),
    },
    secrets,
    localUser: around.user(),
    slots: createSlots(options.forks ?? usualForks),
    home: around.home,
    diff: options.diff ?? false,
    now: around.now,
    random: around.random,
    emit,
    compiler: ready.compiler,
    functionContext: ready.functionContext,
  });
  hosts = made.hosts;
  const context: RunContext = {
    id,
    plan: ready.plan,
    inventory: ready.inventory,
    check: options.check ?? false,
    diff: options.diff ?? false,
    detailedExit: options.detailedExitcode ?? false,
    ...held,
    compiler: ready.compiler,
    files: ready.files,
    emit,
    secrets,
    durable: () => journal.durable(),
    validator: ready.validator,
    hostRun: made.hostRun,
    spareLink: made.spareLink,
    hosts: made.hosts,
    now: around.now,
    functionContext: ready.functionContext,
    sleep: (ms) => sleepUnless(ms, interrupts.stopping),
    env: plainEnv(around.env),
    lineOf: lineFinder(sources),
    stopping: interrupts.stopping,
    interruptExit: interrupts.exit,
    asked: {},
    ...(ask && { ask }),
    ...(chosen && { chosen }),
  };
  let exit = 1;
  try {
    announce(context, { file, around, ready, sources });
    for (const message of secretNotes(secrets, vault)) emit({ type: 'note', message });
    exit = await runPlan(context);
    hooks?.ended?.(interrupts.exit() ?? exit);
    exit = interrupts.exit() ?? exit;
  } catch (error) {
    await log.end();
    throw maskedError(error, secrets);
  } finally {
    terminal?.restore?.();
    await finish(journal, views);
    interrupts.release();
    statistics();
  }
  return told({ report: report.ended(), log, ready, secrets, around, exit, check: context.check });
}

/** Sends the reports about a run that has ended, and gives its exit code: what could not be told counts only where all else went well. */
async function told(given: {
  report: RunReport | undefined;
  log: Log;
  ready: Ready;
  secrets: Secrets;
  around: Surroundings;
  exit: number;
  check: boolean;
}): Promise<number> {
  const { report, log, ready, secrets, around, exit, check } = given;
  const write = (text: string): unknown => around.stderr.write(secrets.mask(`${text}\n`));
  const lost = [
    ...(await log.end()).map(({ name, reason }) => problem('E_LOG_LOST', { sink: name, reason })),
    ...(report ? await sendReports(report, { ...ready.book, ...ready }, { check, show: write }) : []),
  ];
  if (lost.length === 0) return exit;
  write(`\n${shownProblems(lost, { sources: new Map(), secrets, around })}`.trimEnd());
  return exit === 0 || exit === 10 ? exitCode(lost) : exit;
}

function linksOf(hosts: ReadonlyMap<string, HostRun>): Link[] {
  return [...hosts.values()].flatMap(({ links }) => [...links.values()]);
}

/** Ends the record of a run that does not end by itself: what is under way stays behind on its host, and that is said. */
function abandon(options: {
  underWay: UnderWay;
  hosts: ReadonlyMap<string, HostRun>;
  emit(event: EventBody): void;
  exit: number;
  since: number;
  now: () => number;
}): void {
  const { underWay, hosts, emit, exit, since, now } = options;
  for (const step of underWay.steps()) {
    const failure = failureOf(problem('E_LEFT_BEHIND', {}));
    emit({ type: 'step-end', status: 'unknown', ms: now() - step.since, ...step.ref, failure });
    const host = hosts.get(step.ref.host);
    if (host) host.counts.unknown += 1;
  }
  const counts = Object.fromEntries([...hosts].map(([name, host]) => [name, host.counts]));
  emit({ type: 'run-end', exit, ms: now() - since, counts, interrupted: true });
}

/** Ends the views and the record. Throws ProblemError when one of them is not complete; the others are closed all the same. */
async function finish(journal: Journal, views: readonly { close?(): Promise<void> }[]): Promise<void> {
  const closed = await Promise.allSettled([...views.map((view) => view.close?.()), journal.close()]);
  const faults = closed.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const unexpected = faults.find((fault) => !(fault instanceof ProblemError));
  if (unexpected !== undefined) throw unexpected;
  const problems = faults.flatMap((fault) => (fault instanceof ProblemError ? fault.problems : []));
  if (problems.length > 0) throw new ProblemError(problems);
}
