import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError, sentence } from '../../problems/problem.ts';
import { readAnswer } from './answer.ts';
import { mostInstances } from './batches.ts';
import type { Invocation, SsmCalls } from './calls.ts';
import type { Errand, SentCommand, Verdict } from './errand.ts';
import { jittered } from './jitter.ts';
import { lateProblem, type Named, standing, withoutAnswer } from './statuses.ts';
import type { Timing } from './timing.ts';

export interface Following {
  calls: SsmCalls;
  timing: Timing;
  now: () => number;
  /** Calls an errand off that was never delivered. */
  callOff(errand: Errand): void;
  /** There may be ends to be told. */
  ended(): void;
}

/** Looks at a command until the end of each of its errands is known: soon at first, then more and more rarely. One loop, however many hosts. */
export async function follow(command: SentCommand, following: Following): Promise<void> {
  const { timing, now } = following;
  const strangers = new Set<string>();
  let wait = timing.firstLook;
  let doubtAt = now() + timing.doubt;
  try {
    while (command.waiting.size > 0) {
      // More pages take more calls, so that they are read less often.
      await pause(jittered(wait * Math.max(1, command.waiting.size / 500)), undefined, {
        signal: command.idle.signal,
      });
      const before = command.waiting.size;
      const begun = begunIn(command);
      const listed = await look(command, { ...following, strangers });
      await missing(command, listed, following);
      if (command.waiting.size < before || begunIn(command) !== begun) command.movedAt = now();
      overdue(command, following);
      following.ended();
      if (now() > doubtAt && command.waiting.size > 0) {
        doubtAt = now() + timing.doubt;
        await doubt(command, following);
      }
      // What ends at all often ends together.
      wait = command.waiting.size < before ? timing.firstLook : Math.min(wait * 1.5, timing.longestLook);
    }
  } catch (error) {
    if (command.idle.signal.aborted) return;
    // The command is out, and nobody can look at it.
    const reason =
      error instanceof ProblemError && error.problems[0] ? sentence(error.problems[0]).message : String(error);
    for (const errand of command.waiting.values()) giveUp(command, errand, reason);
  }
  if (strangers.size > 0) {
    const names = [...strangers].sort();
    const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
    command.first.note(
      `${command.first.tag?.name} is carried by instances that this run does not know, and the command ran there too: ${names.slice(0, 5).join(', ')}${more}`,
    );
  }
}

function begunIn({ waiting }: SentCommand): number {
  let count = 0;
  for (const { hasBegun } of waiting.values()) if (hasBegun) count++;
  return count;
}

/** Reads all pages. Gives the instances that were there. */
async function look(command: SentCommand, following: Following & { strangers: Set<string> }): Promise<Set<string>> {
  const listed = new Set<string>();
  let page: string | undefined;
  do {
    const { invocations, next } = await following.calls.list(command.id, page);
    const cut: { errand: Errand; seen: Invocation }[] = [];
    for (const seen of invocations) {
      listed.add(seen.instance);
      const errand = command.waiting.get(seen.instance);
      if (errand) {
        const verdict = judge(errand, seen);
        if (verdict === 'cut') cut.push({ errand, seen });
        else if (verdict) settle(command, errand, verdict);
      } else if (command.tagged && !command.tagged.has(seen.instance)) following.strangers.add(seen.instance);
    }
    await Promise.all(cut.map((one) => whole(command, one, following)));
    page = next;
  } while (page !== undefined);
  return listed;
}

/** What is known by a listed invocation; `cut`: its answer is longer than lists show. */
function judge(errand: Errand, seen: Invocation): Verdict | 'cut' | undefined {
  const hasBegun = seen.hasBegun || errand.hasBegun;
  const now = standing({ ...seen, hasBegun }, who(errand));
  if (now.kind === 'waiting') return undefined;
  if (now.kind === 'running') {
    errand.hasBegun = true;
    return undefined;
  }
  // What was printed before a refusal counts: an answer is an answer.
  if (readAnswer(errand.order.id, seen.output)) return { kind: 'answered', output: seen.output };
  return now.kind === 'ended' ? 'cut' : now;
}

/** Looks that an end without an answer gets: the status may be there before the output is. */
const blanks = 3;

async function whole(
  command: SentCommand,
  { errand, seen }: { errand: Errand; seen: Invocation },
  { calls }: Following,
): Promise<void> {
  const one = await calls.get(command.id, seen.instance);
  const output = one?.output ?? '';
  if (readAnswer(errand.order.id, output)) settle(command, errand, { kind: 'answered', output });
  else if (++errand.blanks >= blanks)
    settle(command, errand, { kind: 'lost', reason: withoutAnswer({ ...seen, output: output || seen.output }) });
}

/** Commands that never went anywhere have no invocations; what became of them is known of the command alone. */
async function missing(command: SentCommand, listed: Set<string>, { calls, timing, now }: Following): Promise<void> {
  const mayBeEmpty = command.tagged !== undefined && listed.size === 0;
  if (now() - command.sentAt < timing.unlisted && !mayBeEmpty) return;
  const absent = [...command.waiting].filter(([instance]) => !listed.has(instance));
  if (absent.length === 0) return;
  const status = await calls.command(command.id);
  for (const [, errand] of absent) {
    const now = standing({ instance: '', status: status ?? '', hasBegun: false }, who(errand));
    if (now.kind === 'refused') settle(command, errand, now);
  }
  if (now() - command.sentAt < timing.unlisted) return;
  const reason = 'Systems Manager has taken the command and lists nothing about this instance';
  for (const [, errand] of absent) giveUp(command, errand, reason);
}

/**
 * The service itself calls a delivery off only when the time to run is over too ("Understanding command timeout values"); what has not been
 * delivered within the delivery timeout never starts (TimeoutSeconds of SendCommand).
 */
function overdue(command: SentCommand, { timing, now, callOff }: Following): void {
  const { deliveryTimeout } = command.first;
  const waiting = [...command.waiting.values()];
  // Those whose turn has not come wait for the ones that run, not for their instance.
  if (command.isQueued && waiting.some(({ hasBegun }) => hasBegun)) return;
  const since = command.isQueued ? command.movedAt : command.sentAt;
  if (now() - since < deliveryTimeout * 1000 + timing.deliveryMargin) return;
  for (const errand of waiting) {
    if (errand.hasBegun) continue;
    errand.settle({ kind: 'refused', problem: lateProblem(who(errand)) });
    callOff(errand);
  }
}

/** An instance that goes down says nothing, and its command stays in progress. */
async function doubt(command: SentCommand, { calls }: Following): Promise<void> {
  const begun = [...command.waiting].filter(([, errand]) => errand.hasBegun).map(([instance]) => instance);
  for (let from = 0; from < begun.length; from += mostInstances) {
    for (const instance of await calls.unconnected(begun.slice(from, from + mostInstances))) {
      const errand = command.waiting.get(instance);
      const reason = `Systems Manager has no connection to the agent on ${instance} any more`;
      if (errand) giveUp(command, errand, reason);
    }
  }
}

function settle(command: SentCommand, errand: Errand, verdict: Verdict): void {
  command.waiting.delete(errand.order.instance);
  command.ended.push(errand.order.host);
  errand.settle(verdict);
}

/** Its end was not seen: it may still be running. */
function giveUp(command: SentCommand, errand: Errand, reason: string): void {
  command.waiting.delete(errand.order.instance);
  errand.settle({ kind: 'lost', reason });
}

function who({ order }: Errand): Named {
  const { host, instance, deliveryTimeout, tag } = order;
  return { host, instance, deliveryTimeout, ...(tag && { tag: tag.name }) };
}
