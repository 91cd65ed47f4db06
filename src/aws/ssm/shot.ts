import { createHash } from 'node:crypto';
import type { ConnectOptions, PipeSink, SsmSettings } from '../../model/transport.ts';
import { type Problem, problem, sentence } from '../../problems/problem.ts';
import type { Account } from './account.ts';
import { type Answer, type Ran, readAnswer } from './answer.ts';
import type { Order, Verdict } from './errand.ts';
import type { Running } from './errands.ts';
import { fetchOutput } from './fetch.ts';
import { deliver } from './output.ts';
import { type Plan, problemOf } from './plans.ts';
import { cleanScript, keptBytes } from './script.ts';

/** A command and all that it reads. */
export interface Program {
  command: string;
  input: Buffer;
}

/** A host and how it is reached. */
export interface Shooter {
  host: string;
  settings: SsmSettings;
  account: Account;
  options: ConnectOptions;
  /** Known from an earlier command: there is no gzip. */
  isPlain: boolean;
}

/** How a command ended; a status above 128 may be that of a signal. */
export type ShotEnd =
  | { kind: 'exit'; status: number; isHeld: boolean }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'lost'; reason: string };

/** One command with all of its input, under way. */
export interface Shot {
  end: Promise<ShotEnd>;
  /** Cancels it for this host alone and removes what it leaves. */
  callOff(): void;
  /** Does not send it if it has not been sent: then it ends as refused. */
  holdBack(): void;
}

/** Seconds that the service may take to deliver when the inventory does not say: an agent that is up takes one. */
const deliverySeconds = 600;

/** Seconds that a program may run: what the document lets at most, since play and the host have limits of their own ("executionTimeout" of AWS-RunShellScript). */
const runSeconds = 172_800;

/** Seconds for the scripts around it, which only move bytes. */
const helperSeconds = 600;

/** Sends a command and its input, and gives what it writes to the sink. */
export function shoot(program: Program, sink: PipeSink, shooter: Shooter): Shot {
  const { host, settings, account, options } = shooter;
  const { command } = program;
  let { input } = program;
  const digest = createHash('sha256').update(`${command.length} ${command}`).update(input).digest('hex');
  const { slot, free } = account.slots.take(`${settings.instance} ${digest}`);
  // What is sent after an interrupt tells hosts to stop, so it must not wait for those at work.
  const atOnce = options.signal.aborted ? undefined : options.atOnce;
  let underWay: Running | undefined;
  let isCalledOff = false;
  /** Of the plan: names the directory on the instance. */
  let id: string | undefined;
  /** Nothing new may be begun. */
  let isHeldBack = false;
  /** The program itself may have gone out. */
  let isRunning = false;
  /** Scripts have been sent that make a directory. */
  let mayHaveLeft = false;

  const order = (script: string, what: { id: string; key: string; seconds?: number; tells?: boolean }): Order => ({
    host,
    instance: settings.instance,
    id: what.id,
    key: [what.id, what.key, settings.deliveryTimeout, settings.mayFail, atOnce, settings.tagTarget].join(' '),
    script,
    deliveryTimeout: settings.deliveryTimeout ?? deliverySeconds,
    executionTimeout: what.seconds ?? helperSeconds,
    note: (message) => options.note?.(message),
    run: options.run,
    ...(what.tells && {
      atOnce,
      mayFail: settings.mayFail,
      outstanding: options.outstanding,
      tag: tagOf(settings, options),
    }),
  });

  /** Runs a script on the host to its answer; a refusal and a loss end everything. */
  const ask = async (script: string, what: Parameters<typeof order>[1]): Promise<Answer | ShotEnd> => {
    if (isCalledOff) return { kind: 'lost', reason: 'closed before it ended' };
    if (isHeldBack && !isRunning) return { kind: 'refused', problem: problem('E_CONNECT_CANCELLED', { host }) };
    underWay = account.errands.run(order(script, what));
    const { verdict: ended, isSent } = underWay;
    const verdict = await ended;
    if (isSent()) mayHaveLeft = true;
    underWay = undefined;
    if (verdict.kind !== 'answered') return verdict;
    const answer = readAnswer(what.id, verdict.output);
    if (!answer) throw new Error('an answer that was there cannot be read');
    return answer;
  };

  const clean = async (answerId: string): Promise<void> => {
    if (isCalledOff) await account.errands.calledOff();
    const { verdict } = account.errands.run(order(cleanScript(answerId), { id: answerId, key: 'clean' }));
    const ended = await verdict;
    if (ended.kind === 'answered' && readAnswer(answerId, ended.output)?.kind === 'done') return;
    const why = ended.kind === 'answered' ? 'it is in use' : wordsOf(ended);
    options.note?.(`${host}: /tmp/play-ssm-${answerId} may still be there: ${why}`);
  };

  /** From the answer of a program to the end of the command. */
  const conclude = async (plan: Plan, ran: Ran): Promise<ShotEnd> => {
    mayHaveLeft = ran.bytes === undefined;
    const stored = ran.bytes ?? (await fetchOutput(ran, { plan, shooter, ask }));
    if (typeof stored === 'object' && 'kind' in stored) return stored;
    try {
      if (!isCalledOff) await deliver('stream' in stored ? stored.stream : stored, { ran, sink, seal: account.seal });
    } catch (error) {
      return {
        kind: 'lost',
        reason: `its output has arrived damaged: ${error instanceof Error ? error.message : error}`,
      };
    } finally {
      if ('stream' in stored) await stored.remove();
    }
    mayHaveLeft = false;
    if (ran.isCut) return { kind: 'lost', reason: `it wrote more than ${keptBytes} bytes, and the rest was not kept` };
    return { kind: 'exit', status: ran.status, isHeld: ran.isHeld };
  };

  const once = async (isPlain: boolean): Promise<ShotEnd> => {
    const { bucket, kmsKey } = settings;
    const place = bucket === undefined ? undefined : { name: bucket, ...(kmsKey && { kmsKey }) };
    const lease = await account.plans(
      { command, input, digest, isPlain, slot, region: account.region, ...(bucket && { bucket }) },
      {
        secretsIn: options.secretsIn,
        hasSecrets: options.hasSecrets,
        seal: account.seal,
        objects: place && (() => account.objects(place)),
        note: (message) => options.note?.(message),
      },
    );
    if (typeof lease === 'function') return { kind: 'refused', problem: lease(host) };
    const { plan, release } = lease;
    id = plan.id;
    input = lease.input;
    try {
      for (const [number, script] of plan.pieces.entries()) {
        const answer = await ask(script, { id, key: `piece ${number}` });
        if (answer.kind === 'done') continue;
        if (answer.kind === 'no' || (answer.kind === 'refused' && number === 0)) mayHaveLeft = false;
        // The program itself has not been sent.
        if (answer.kind === 'lost')
          return { kind: 'refused', problem: problem('E_SSM_ARRIVAL', { host, detail: answer.reason }) };
        return answer.kind === 'no' ? refusal(answer, plan, host) : (answer as ShotEnd);
      }
      const answer = await ask(plan.run, { id, key: 'run', seconds: runSeconds, tells: true });
      isRunning = true;
      if (answer.kind === 'ran') return await conclude(plan, answer);
      if (answer.kind === 'refused') mayHaveLeft = plan.pieces.length > 0;
      if (answer.kind !== 'no') return answer as ShotEnd;
      mayHaveLeft = false;
      if (answer.reason !== 'gzip') return refusal(answer, plan, host);
      shooter.isPlain = true;
      return isPlain ? { kind: 'lost', reason: 'the instance asks for plain input and got it' } : await once(true);
    } finally {
      await release();
    }
  };

  const all = async (): Promise<ShotEnd> => {
    try {
      return await once(shooter.isPlain);
    } catch (error) {
      const found = problemOf(error);
      const { bucket } = settings;
      const detail = sentence(found).message;
      return {
        kind: 'refused',
        problem: bucket === undefined ? found : problem('E_SSM_BUCKET', { host, bucket, detail }),
      };
    } finally {
      if (id !== undefined && mayHaveLeft) {
        const work = clean(id);
        account.leftovers.add(work);
        void work.finally(() => account.leftovers.delete(work));
      }
      free();
    }
  };

  return {
    end: all(),
    callOff() {
      if (isCalledOff) return;
      isCalledOff = true;
      underWay?.callOff();
    },
    holdBack() {
      isHeldBack = true;
      if (!isRunning && underWay?.isSent() === false) underWay.callOff();
    },
  };
}

/** What the instance has said no to before it ran anything. */
function refusal({ reason, detail }: Extract<Answer, { kind: 'no' }>, { stores }: Plan, host: string): ShotEnd {
  const refused = (found: Problem): ShotEnd => ({ kind: 'refused', problem: found });
  const [first = '', ...rest] = detail.split(' ');
  const store = stores[Number(first)] ?? first;
  switch (reason) {
    case 'tool':
      return refused(problem('E_SSM_TARGET', { host, tool: detail }));
    case 'unread':
      return refused(
        problem('E_SSM_SECRET', { host, fault: 'unread', store, detail: rest.join(' ') || 'aws said nothing' }),
      );
    case 'changed':
      return refused(problem('E_SSM_SECRET', { host, fault: 'changed', store }));
    case 'directory':
      return refused(problem('E_SSM_ARRIVAL', { host, detail: `${detail} cannot be made` }));
    default:
      return refused(problem('E_SSM_ARRIVAL', { host, detail: detail || reason }));
  }
}

function wordsOf(ended: Exclude<Verdict, { kind: 'answered' }>): string {
  return ended.kind === 'lost' ? ended.reason : sentence(ended.problem).message;
}

function tagOf({ tagTarget }: SsmSettings, { tagged }: ConnectOptions): Order['tag'] {
  const hosts = tagTarget === undefined ? undefined : tagged?.(tagTarget);
  return tagTarget === undefined || hosts === undefined ? undefined : { name: tagTarget, hosts };
}
