import type { FunctionContext } from '../model/function-context.ts';
import type { Definition, Inventory } from '../model/inventory.ts';
import type { Scope } from '../model/scope.ts';
import type { Span } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import type { Plan, PlannedPlay, PlannedTask, Reading } from '../plan/planned.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import { createScope, NotKnown, NotYet } from '../render/scope.ts';
import type { ValueTemplate } from '../template/text-compiler.ts';

/** Whether reading a text goes wrong at a place: for sure, not at all, or nobody can know before the run. */
export type Verdict = 'fails' | 'passes' | 'unknown';

/** Where a text is read. */
export interface Occasion {
  play: PlannedPlay;
  planned: PlannedTask;
  host: string;
  /** Names that earlier tasks have given the host; their values are not known. */
  given: ReadonlySet<string>;
}

/** Tries out, with everything that is known before the run, what a host would make of a text. */
export interface Certainty {
  /**
   * `unknown` also where it depends on a result or a fact whether the text is read at all.
   * `direct`: the place is in the text itself, and not in a variable that it reads.
   */
  verdict(occasion: Occasion, reading: Reading, place: { at: Span; direct: boolean }): Verdict;
  /** What goes wrong for sure when a text is read. */
  faults(occasion: Occasion, reading: Reading): Problem[];
  /** Whether `when` leaves the whole task out on a host, for sure. */
  isSkipped(occasion: Occasion): boolean;
  /** Whether a host cannot read a variable because it needs itself. */
  goesRound(occasion: Occasion, name: string): boolean;
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
  compile(definition: Definition): ValueTemplate;
  functionContext(host: string): FunctionContext;
}

/** Makes one for a plan. Nothing is contacted, and nothing but the plan's own texts is read. */
export function createCertainty(options: CertaintyOptions): Certainty {
  const { plan, inventory } = options;
  const shared = sharedNames(options);

  const scopeOf = ({ play, planned, host, given }: Occasion, locals: Fields): Scope =>
    createScope({
      locals,
      taskVars: planned.vars,
      playVars: play.vars,
      bookVars: plan.vars,
      inventory: inventory.hosts.get(host)?.vars ?? new Map(),
      compile: options.compile,
      values: { results: new Map(), pending: new Set(given), unknown: new Map(), facts: undefined },
      builtin: { ...shared, host: () => hostNames(inventory, host) },
      functionContext: options.functionContext(host),
    });

  /** What the items of the task see beside the scope; one set of names without a value where the list is not known. */
  const localsOf = (occasion: Occasion): Fields[] => {
    const { loop } = occasion.planned;
    if (!loop) return [unknownNames([])];
    const scope = scopeOf(occasion, {});
    const list = known(() =>
      loop.kind === 'expression' ? loop.expression.evaluate(scope) : loop.template.render(scope),
    );
    if (!Array.isArray(list) || list.length > MOST_ITEMS) return [unknownNames(['item', 'index'])];
    return list.map((item, index) => ({ item, index }));
  };

  /** Whether `when` holds, as far as the condition before `before`. */
  const decide = (occasion: Occasion, locals: Fields, before?: Reading): 'yes' | 'no' | 'unknown' => {
    const scope = scopeOf(occasion, locals);
    let sure = true;
    for (const condition of occasion.planned.when) {
      if (before && condition.text === before.source) break;
      const holds = known(() => condition.holds(scope));
      if (holds === false) return 'no';
      if (holds === undefined) sure = false;
    }
    return sure ? 'yes' : 'unknown';
  };

  const verdictOf = (
    { occasion, reading, at, direct }: { occasion: Occasion; reading: Reading; at: Span; direct: boolean },
    locals: Fields,
  ): Verdict => {
    const { role } = reading;
    const decided = role === 'loop' ? 'yes' : decide(occasion, locals, role === 'when' ? reading : undefined);
    if (decided === 'no') return 'passes';
    const own = occasion.planned.task.register;
    const names = role === 'after' ? unknownNames(['result', ...(own === undefined ? [] : [own])], locals) : locals;
    const read = attempt(reading, scopeOf(occasion, names), at);
    if (read === 'passes' || decided === 'yes') {
      return read === 'unknown' && direct && !CONDITIONAL.test(reading.source) ? 'fails' : read;
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
        scopeOf(occasion, unknownNames(['item', 'index'])).get(name);
      } catch (error) {
        return error instanceof ProblemError && error.problems.some(({ code }) => code === 'E_VARIABLE_CYCLE');
      }
      return false;
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

/** Reads a text; what goes wrong elsewhere in it says nothing about the place. */
function attempt(reading: Reading, scope: Scope, at: Span): Verdict {
  try {
    reading.evaluate(scope);
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

/** Names that exist and have no value yet. */
function unknownNames(names: readonly string[], others: Fields = {}): Fields {
  const fields = Object.defineProperties({}, Object.getOwnPropertyDescriptors(others)) as Fields;
  for (const name of names) {
    Object.defineProperty(fields, name, {
      get: () => {
        throw new NotYet('register', name);
      },
      enumerable: true,
      configurable: true,
    });
  }
  return fields;
}

function sharedNames({ inventory, env }: CertaintyOptions): Record<string, () => Value> {
  const later = (name: string) => (): Value => {
    throw new NotYet('register', name);
  };
  let environment: Value | undefined;
  let groups: Value | undefined;
  return {
    env: () => {
      environment ??= Object.fromEntries(
        Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      return environment;
    },
    groups: () => {
      groups ??= Object.fromEntries([...inventory.groups].map(([name, { hosts }]) => [name, hosts]));
      return groups;
    },
    hosts: later('hosts'),
    run: later('run'),
    params: () => ({}),
  };
}

/** `host`, without its address, which is worked out when the run begins. */
function hostNames(inventory: Inventory, name: string): Value {
  const host = inventory.hosts.get(name);
  const vars: Fields = {};
  for (const [key, definitions] of host?.vars ?? []) vars[key] = definitions.at(-1)?.value ?? null;
  const fields: Fields = { name, groups: host?.groups ?? [], vars };
  return unknownNames(['address'], fields);
}
