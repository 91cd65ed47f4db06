import type { Span } from '../model/span.ts';
import { type Code, type FactsOf, words } from './words/index.ts';

/** A mistake of the user or a fault of the world: a value, collected and reported together. A throw of anything else is a bug. */
export interface Problem<C extends Code = Code> {
  code: C;
  facts: FactsOf<C>;
  at?: Span;
  /** Other places that belong to it: the first of two equal keys. */
  also?: { at: Span; label: string }[];
  /** The line of its place holds a secret and is not shown. */
  hidesLine?: boolean;
  /** The one text that certainly mends it, for `play lint --fix`; others follow from the words (certain-fix.ts). */
  fix?: Fix;
}

/** Text to be put in the place of a stretch of a file. */
export interface Fix {
  at: Span;
  text: string;
}

/** Makes a problem; the facts a code needs are checked by its words. */
export function problem<C extends Code>(code: C, facts: FactsOf<C>, at?: Span, also?: Problem['also']): Problem {
  return { code, facts, ...(at && { at }), ...(also && { also }) } as unknown as Problem;
}

/** Carries problems through code that cannot return them. */
export class ProblemError extends Error {
  readonly problems: Problem[];
  constructor(problems: Problem | Problem[]) {
    const list = Array.isArray(problems) ? problems : [problems];
    super(list.map((p) => sentence(p).message).join('\n'));
    this.name = 'ProblemError';
    this.problems = list;
  }
}

/** The words of a problem. */
export function sentence(p: Problem): { message: string; hint?: string; exit: number } {
  const entry = words[p.code] as { exit: number; say(f: unknown): string; hint?(f: unknown): string | undefined };
  const hint = entry.hint?.(p.facts);
  return { message: entry.say(p.facts), exit: entry.exit, ...(hint && { hint }) };
}

/** Whether it only warns: a run goes on. Their codes begin with `W_`. */
export function isWarning({ code }: Problem): boolean {
  return code.startsWith('W_');
}
