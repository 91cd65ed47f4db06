import type { FunctionContext } from '../model/function-context.ts';
import type { Span } from '../model/span.ts';
import type { StoredUse } from '../model/stored.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { NotKnown, NotYet } from '../render/scope.ts';

/** A value of a store of AWS that a run needs, and where it is asked for. */
export interface PlacedUse {
  use: StoredUse;
  at?: Span | undefined;
}

/** What the texts of a run ask of stores of AWS; problems where a name depends on what only the run gives. */
export interface StoredFindings {
  uses: PlacedUse[];
  problems: Problem[];
}

/** Where values come from. */
export interface CollectorOptions {
  functionContext(host: string): FunctionContext;
  /** What was read already. */
  read(use: StoredUse): string | undefined;
}

/** Notes what texts ask for while they are read. */
export interface StoredCollector {
  /** What functions may ask, with values that are as yet unknown. */
  contextOf(host: string): FunctionContext;
  /** Reads a text, past every value that it asks for. Gives whether all of it could be read, as far as values of AWS allow. */
  collect(read: () => unknown, around: Span | undefined): boolean;
  /** A call whose name only the run gives. */
  unknown(call: string, at: Span): void;
  /** Whether this was asked for, or has been read. */
  has(use: StoredUse): boolean;
  uses(): PlacedUse[];
  problems(): Problem[];
}

/** Stands for a value while texts are looked through. What is made of it is no name. */
const STANDS_FOR = 'play-value-of-aws-not-read';

/** Makes one. */
export function createCollector({ functionContext, read }: CollectorOptions): StoredCollector {
  const found = new Map<string, PlacedUse>();
  const wrong = new Map<string, Problem>();
  const contexts = new Map<string, FunctionContext>();
  /** Facts of a problem that stands for a value: rendering adds the place to the problem, and keeps them. */
  const wanted = new Map<unknown, StoredUse>();
  /** What the text that is being read has asked for; undefined: conditions are decided, and need values that are real. */
  let passed: Set<string> | undefined;

  const stored = (use: StoredUse): string => {
    const value = read(use);
    if (value !== undefined) return value;
    if (!passed || use.name.includes(STANDS_FOR)) throw new NotYet('stored', use.name);
    if (passed.has(keyOf(use))) return STANDS_FOR;
    const facts = { call: use.name };
    wanted.set(facts, use);
    throw new ProblemError(problem('E_STORED_NAME', facts));
  };

  /** Notes what a text stopped at. Gives whether it is worth reading it again. */
  const note = (error: unknown, around: Span | undefined): boolean => {
    if (!(error instanceof ProblemError)) return false;
    let isNew = false;
    for (const { facts, at } of error.problems) {
      const use = wanted.get(facts);
      if (!use) continue;
      isNew = true;
      passed?.add(keyOf(use));
      const place = at && !at.file.startsWith('\0') ? at : around;
      if (!found.has(keyOf(use))) found.set(keyOf(use), { use, at: place });
    }
    return isNew;
  };

  const attempt = (read: () => unknown, around: Span | undefined): boolean => {
    for (;;) {
      try {
        read();
        return true;
      } catch (error) {
        if (note(error, around)) continue;
        // What else is wrong is told by those who look for it; what hangs on another value is looked at again when that is there.
        if (error instanceof ProblemError) return true;
        if (error instanceof NotYet) return error.what === 'stored';
        if (error instanceof NotKnown) return false;
        throw error;
      }
    }
  };

  return {
    contextOf(host) {
      const context =
        contexts.get(host) ?? Object.assign(Object.create(functionContext(host)) as FunctionContext, { stored });
      contexts.set(host, context);
      return context;
    },
    collect(read, around) {
      passed = new Set();
      const isWhole = attempt(read, around);
      passed = undefined;
      wanted.clear();
      return isWhole;
    },
    unknown(call, at) {
      wrong.set(`${call} ${at.file} ${at.start}`, problem('E_STORED_NAME', { call }, at));
    },
    has: (use) => found.has(keyOf(use)) || read(use) !== undefined,
    uses: () => [...found.values()],
    problems: () => [...wrong.values()],
  };
}

function keyOf(use: StoredUse): string {
  return JSON.stringify([use.service, use.name, use.key]);
}
