import type { ParamDeclaration } from '../model/param.ts';
import type { Scope } from '../model/scope.ts';
import type { Fields } from '../model/value.ts';
import type { Plan, PlannedPlay, PlannedReader } from '../plan/planned.ts';
import { bodiesAround, isPlannedBlock, isPlannedTask } from '../plan/planned.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { FactsOf } from '../problems/words/index.ts';
import { loopNames } from '../render/loop-names.ts';
import { NotKnown, NotYet } from '../render/scope.ts';
import type { CompiledCondition } from '../template/text-compiler.ts';
import type { Certainty } from './certainty.ts';
import { roleAround } from './givers.ts';
import { sampleFacts, sampleParams, sampleResult } from './samples.ts';

/** What checking the types of conditions needs. */
export interface ConditionTypesOptions {
  plan: Plan;
  params: { declarations: readonly ParamDeclaration[]; values: Fields };
  certainty: Certainty;
  given: ReadonlySet<string>;
}

/** A condition is tried with so many sets of values at most. */
const MOST_TRIES = 8;

/**
 * Conditions that give no true or false, or compare things of different kinds, whatever the run brings: tried with values of the declared
 * types of params, facts and results, and with the variables as far as they are known.
 */
export function findConditionTypes(options: ConditionTypesOptions): Problem[] {
  const { plan, certainty, given } = options;
  const facts = sampleFacts();
  const params = sampleParams(options.params.declarations);
  const done = new Set<CompiledCondition>();
  return plan.plays.flatMap((play) => {
    const [host] = play.hosts;
    if (host === undefined) return [];
    const results = resultsOf(play);
    return [...play.readers, ...play.handlers].flatMap((planned) => {
      const { before, after } = conditionsOf(planned);
      return [...before, ...after].flatMap((condition) => {
        if (done.has(condition)) return [];
        done.add(condition);
        const own = after.includes(condition) ? planned : undefined;
        const asked = before.slice(0, Math.max(0, before.indexOf(condition)));
        const hidden = namesAround(planned);
        let known: Scope | undefined;
        return tried(condition, asked, (turn) => ({
          get: (name) => {
            if (name === 'facts') return facts(turn);
            if (name === 'params') return params(turn);
            const giver = givenTo(planned, name, own, results);
            if (giver && !hidden.has(name)) return sampleResult(giver.module, turn);
            known ??= certainty.scope({ play, planned, host, given });
            return known.get(name);
          },
          names: () => [],
        }));
      });
    });
  });
}

/** Names that mean something of their own inside the loops, files and roles around a task. */
function namesAround(planned: PlannedReader): ReadonlySet<string> {
  const around = [...bodiesAround(planned)].flatMap(({ block }) => [...block.with.keys(), ...loopNames(block)]);
  return new Set([...loopNames(planned), ...around]);
}

/** The task whose result a name is; results of a role stay in it. */
function givenTo(
  planned: PlannedReader,
  name: string,
  own: PlannedReader | undefined,
  results: ReadonlyMap<string, PlannedReader>,
): PlannedReader | undefined {
  if (own && (name === 'result' || name === own.task.register)) return own;
  const giver = results.get(name);
  const role = giver && roleAround(giver);
  return role === undefined || [...bodiesAround(planned)].includes(role) ? giver : undefined;
}

/** The first mistake that has to do with types alone; what is wrong for other reasons is found elsewhere. */
function tried(
  condition: CompiledCondition,
  asked: readonly CompiledCondition[],
  scopeFor: (turn: number) => Scope,
): Problem[] {
  for (let turn = 0; turn < triesOf(condition); turn++) {
    try {
      const scope = scopeFor(turn);
      // What stands before it has to hold, or it is never come to.
      if (asked.some((each) => !mayHold(each, scope))) continue;
      condition.holds(scope);
    } catch (error) {
      if (error instanceof NotYet || error instanceof NotKnown) continue;
      if (!(error instanceof ProblemError)) throw error;
      const found = error.problems.flatMap((each) => ofTypes(each, condition) ?? []);
      if (found.length > 0) return found.slice(0, 1);
    }
  }
  return [];
}

/** Where there is nothing to go one way or the other, one value is as good as another. */
function triesOf({ text, references }: CompiledCondition): number {
  if (references.length === 0) return 0;
  return /&&|\|\||\?/.test(text) ? MOST_TRIES : 1;
}

function mayHold(condition: CompiledCondition, scope: Scope): boolean {
  try {
    return condition.holds(scope);
  } catch (error) {
    if (error instanceof NotYet || error instanceof NotKnown || error instanceof ProblemError) return true;
    throw error;
  }
}

/** A mistake that depends on the kinds of values only, told without the values that it was found with. */
function ofTypes(one: Problem, { text }: CompiledCondition): Problem | undefined {
  if (one.code === 'E_EXPR_FAILED') {
    const { detail, advice, isOfTypes } = one.facts as FactsOf<'E_EXPR_FAILED'>;
    return isOfTypes ? problem('E_EXPR_TYPE', { detail, advice }, one.at) : undefined;
  }
  if (one.code !== 'E_EXPR_NOT_BOOL') return undefined;
  const { type } = one.facts as FactsOf<'E_EXPR_NOT_BOOL'>;
  const [kind, advice] = KINDS.find(([, , form]) => form.test(type)) ?? [type, () => undefined];
  return problem('E_EXPR_NOT_BOOL', { type: kind, advice: advice(text.trim()) }, one.at);
}

/** Kinds of values, and what is probably asked about them. */
const KINDS: readonly (readonly [kind: string, advice: (text: string) => string, form: RegExp])[] = [
  [
    'text',
    (text) => `to ask whether it is empty, write: ${text} != ""; for the texts "true" and "false": bool(${text})`,
    /^the text /,
  ],
  ['a number', (text) => `to ask whether it is zero, write: ${text} != 0`, /^the number /],
  ['a list', (text) => `to ask whether it is empty, write: size(${text}) > 0`, /^a list$/],
  ['a mapping', (text) => `to ask whether it is empty, write: size(${text}) > 0`, /^a mapping$/],
];

function conditionsOf(planned: PlannedReader): { before: CompiledCondition[]; after: CompiledCondition[] } {
  if (!isPlannedTask(planned)) return { before: planned.when, after: [] };
  const { when, changedWhen, failedWhen, until } = planned;
  return { before: when, after: [...changedWhen, ...failedWhen, ...until] };
}

/** Results whose fields are known: those that only one kind of task gives, once. */
function resultsOf({ readers, handlers }: PlannedPlay): ReadonlyMap<string, PlannedReader> {
  const givers = new Map<string, PlannedReader[]>();
  for (const planned of [...readers, ...handlers]) {
    const { register } = planned.task;
    if (register !== undefined) givers.set(register, [...(givers.get(register) ?? []), planned]);
  }
  const single = [...givers].flatMap(([name, [first, ...others]]): [string, PlannedReader][] =>
    first && others.length === 0 && !first.task.loop && !isPlannedBlock(first) ? [[name, first]] : [],
  );
  return new Map(single);
}
