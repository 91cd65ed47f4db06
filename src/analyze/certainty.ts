import type { FunctionContext } from '../model/function-context.ts';
import type { Definition, Inventory } from '../model/inventory.ts';
import type { Scope } from '../model/scope.ts';
import type { Span } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import type { Plan, PlannedPlay, PlannedReader, Reading } from '../plan/planned.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import { loopNames } from '../render/loop-names.ts';
import { createScope, NotKnown, NotYet, noValues } from '../render/scope.ts';
import type { ValueTemplate } from '../template/text-compiler.ts';
import { hostNames, sharedNames } from './known-names.ts';
import { framesAround, unknownNames } from './static-frames.ts';

/** Whether reading a text goes wrong at a place: for sure, not at all, or nobody can know before the run. */
export type Verdict = 'fails' | 'passes' | 'unknown';

/** Where a text is read. */
export interface Occasion {
  play: PlannedPlay;
  planned: PlannedReader;
  host: string;
  /** Names that earlier tasks have given the host; their values are not known. */
  given: ReadonlySet<string>;
}

/** Tries out, with everything that is known before the run, what a host would make of a text. */
export interface Certainty {
  /**
   * `unknown` also where it depends on a result or a fact whether the text is read at all.
   * `via`: the variable that the text reads and in which the place is found; none: it is in the text itself.
   */
  verdict(occasion: Occasion, reading: Reading, place: { at: Span; via?: string | undefined }): Verdict;
  /** What goes wrong for sure when a text is read. */
  faults(occasion: Occasion, reading: Reading): Problem[];
  /** Whether `when` leaves the whole task out on a host, for sure. */
  isSkipped(occasion: Occasion): boolean;
  /** Whether a host cannot read a variable because it needs itself. */
  goesRound(occasion: Occasion, name: string): boolean;
  /** What a task sees on a host, as far as it is known; items of its loop have no value. */
  scope(occasion: Occasion): Scope;
  /** What a text may see on a host: a scope, made anew each time, for every item that `when` does not leave out for sure; `isSure`: it is read. */
  scopes(occasion: Occasion, reading: Reading): { isSure: boolean; make(): Scope }[];
  /** The values that a text may have on a host, one for each item; undefined when that is not known. */
  values(occasion: Occasion, template: { render(scope: Scope): Value }): Value[] | undefined;
}

/** Items of a loop beyond these are not tried one by one. */
const MOST_ITEMS = 200;

/** Things that are read only under a condition. */
export const CONDITIONAL = /\{\{~?\s*[#^]|&&|\|\||\?|\.(?:all|exists|exists_one|map|filter)\(/;

/** What is known before the run. */
export interface CertaintyOptions {
  plan: Plan;
  inventory: Inventory;
  env: Readonly<Record<string, string | undefined>>;
  params: { names: readonly string[]; values: Fields };
  compile(definition: Definition): ValueTemplate;
  functionContext(host: string): FunctionContext;
}

/** Makes one for a plan. Nothing is contacted, and nothing but the plan's own texts is read. */
export function createCertainty(options: CertaintyOptions): Certainty {
  const { plan, inventory } = options;
  const shared = sharedNames(options);

  const scopeOf = (occasion: Occasion, locals: Fields): Scope => {
    const { play, planned, host, given } = occasion;
    return createScope({
      locals,
      taskVars: planned.vars,
      frames: framesAround(planned, (block) =>
        scopeOf({ ...occasion, planned: block }, unknownNames(loopNames(block))),
      ),
      playVars: play.vars,
      bookVars: plan.vars,
      set: plan.set,
      inventory: inventory.hosts.get(host)?.vars ?? new Map(),
      compile: options.compile,
      values: { ...noValues(), pending: new Set(given) },
      builtin: { ...shared, host: () => hostNames(inventory, host) },
      functionContext: options.functionContext(host),
    });
  };

  /** What the items of the task see beside the scope; one set of names without a value where the list is not known. */
  const localsOf = (occasion: Occasion): Fields[] => {
    const { loop } = occasion.planned;
    const [itemName, indexName] = loopNames(occasion.planned);
    if (!loop || itemName === undefined || indexName === undefined) return [unknownNames([])];
    const scope = scopeOf(occasion, {});
    const list = known(() =>
      loop.kind === 'expression' ? loop.expression.evaluate(scope) : loop.template.render(scope),
    );
    if (!Array.isArray(list) || list.length > MOST_ITEMS) return [unknownNames([itemName, indexName])];
    return list.map((item, index) => ({ [itemName]: item, [indexName]: index }));
  };

  /** Whether `when` holds, as far as the condition before `before`. */
  const decide = (occasion: Occasion, locals: Fields, before?: Reading): 'yes' | 'no' | 'unknown' => {
    const outside = decideAround(occasion);
    if (outside === 'no') return 'no';
    const scope = scopeOf(occasion, locals);
    let sure = outside === 'yes';
    for (const condition of occasion.planned.when) {
      if (before && condition.text === before.source) break;
      const holds = known(() => condition.holds(scope));
      if (holds === false) return 'no';
      if (holds === undefined) sure = false;
    }
    return sure ? 'yes' : 'unknown';
  };

  /** Whether the blocks around it are done, and the right one of their bodies. */
  const decideAround = (occasion: Occasion): 'yes' | 'no' | 'unknown' => {
    const { within, isRescue } = occasion.planned;
    if (!within) return 'yes';
    const { block } = within;
    const around = { ...occasion, planned: block };
    const all = localsOf(around).map((locals) => {
      const decided = decide(around, locals);
      if (decided === 'no' || !block.choice) return decided;
      const chosen = known(() => block.choice?.renderText(scopeOf(around, locals)));
      return chosen === undefined ? 'unknown' : chosen === within.body.name ? decided : 'no';
    });
    if (all.every((decided) => decided === 'no')) return 'no';
    return all.every((decided) => decided === 'yes') && isRescue === block.isRescue ? 'yes' : 'unknown';
  };

  const verdictOf = (
    { occasion, reading, at, via }: { occasion: Occasion; reading: Reading; at: Span; via?: string | undefined },
    locals: Fields,
  ): Verdict => {
    const { role } = reading;
    const decided = role === 'loop' ? 'yes' : decide(occasion, locals, role === 'when' ? reading : undefined);
    if (decided === 'no') return 'passes';
    const scope = scopeOf(occasion, namesOf(occasion, reading, locals));
    const read = attempt(() => reading.evaluate(scope), at);
    if (read === 'passes' || decided === 'yes') {
      if (read !== 'unknown' || CONDITIONAL.test(reading.source)) return read;
      return via === undefined ? 'fails' : attempt(() => scope.get(via), at);
    }
    return 'unknown';
  };

  return {
    verdict(occasion, reading, place) {
      const all = reading.role === 'loop' ? [{}] : localsOf(occasion);
      const verdicts = all.map((locals) => verdictOf({ occasion, reading, ...place }, locals));
      if (verdicts.includes('fails')) return 'fails';
      return verdicts.includes('unknown') ? 'unknown' : 'passes';
    },
    faults(occasion, reading) {
      for (const locals of reading.role === 'loop' ? [{}] : localsOf(occasion)) {
        const before = reading.role === 'when' ? reading : undefined;
        if (reading.role !== 'loop' && decide(occasion, locals, before) !== 'yes') continue;
        const found = problemsOf(reading, scopeOf(occasion, locals));
        if (found.length > 0) return found;
      }
      return [];
    },
    isSkipped: (occasion) => localsOf(occasion).every((locals) => decide(occasion, locals) === 'no'),
    goesRound(occasion, name) {
      try {
        scopeOf(occasion, unknownNames(loopNames(occasion.planned))).get(name);
      } catch (error) {
        return error instanceof ProblemError && error.problems.some(({ code }) => code === 'E_VARIABLE_CYCLE');
      }
      return false;
    },
    scope: (occasion) => scopeOf(occasion, unknownNames(loopNames(occasion.planned))),
    scopes(occasion, reading) {
      const decided = (locals: Fields): ReturnType<typeof decide> => {
        if (reading.role === 'loop') return decideAround(occasion);
        return decide(occasion, locals, reading.role === 'when' ? reading : undefined);
      };
      return (reading.role === 'loop' ? [{}] : localsOf(occasion)).flatMap((locals) => {
        const isRead = decided(locals);
        const make = (): Scope => scopeOf(occasion, namesOf(occasion, reading, locals));
        return isRead === 'no' ? [] : [{ isSure: isRead === 'yes', make }];
      });
    },
    values(occasion, template) {
      const found: Value[] = [];
      for (const locals of localsOf(occasion)) {
        if (decide(occasion, locals) === 'no') continue;
        const value = known(() => template.render(scopeOf(occasion, locals)));
        if (value === undefined) return undefined;
        found.push(value);
      }
      return found;
    },
  };
}

/** The names beside the scope that a text sees: after its task also the result, which is not known. */
function namesOf({ planned }: Occasion, { role }: Reading, locals: Fields): Fields {
  const own = planned.task.register;
  return role === 'after' ? unknownNames(['result', ...(own === undefined ? [] : [own])], locals) : locals;
}

/** Reads a text; what goes wrong elsewhere in it says nothing about the place. */
function attempt(read: () => unknown, at: Span): Verdict {
  try {
    read();
    return 'passes';
  } catch (error) {
    if (error instanceof NotYet || error instanceof NotKnown) return 'unknown';
    if (!(error instanceof ProblemError)) throw error;
    const isHere = error.problems.some(
      (each) => each.at?.file === at.file && each.at.start < at.end && at.start < each.at.end,
    );
    return isHere ? 'fails' : 'unknown';
  }
}

/** The problems of reading a text, as far as everything that it reads is known. */
function problemsOf(reading: Reading, scope: Scope): Problem[] {
  try {
    reading.evaluate(scope);
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    if (!(error instanceof NotYet || error instanceof NotKnown)) throw error;
  }
  return [];
}

/** A value, or undefined where it cannot be told before the run. */
function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotYet || error instanceof NotKnown || error instanceof ProblemError) return undefined;
    throw error;
  }
}
