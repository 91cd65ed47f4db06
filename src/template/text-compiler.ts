import type { Expression, Reference } from '../expr/expression.ts';
import type { Condition } from '../model/playbook.ts';
import type { Scope } from '../model/scope.ts';
import type { Located, Sources, Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import type { Problem } from '../problems/problem.ts';
import type { Template } from './template.ts';

/** A tree of values whose strings, at any depth, are templates. Keys are never templates. */
export interface ValueTemplate {
  isStatic: boolean;
  references: Reference[];
  render(scope: Scope): Value;
}

/** A compiled condition (a list of them means all). */
export interface CompiledCondition {
  text: string;
  references: Reference[];
  /** Throws ProblemError when it cannot be evaluated or does not give true or false. */
  holds(scope: Scope): boolean;
}

/** Shell text in which every value is a shell variable, assigned beforehand and not exported. */
export interface ShellTemplate {
  references: Reference[];
  render(scope: Scope): { text: string; assign: Record<string, string> };
}

/** A command line that is split into words before values are put in. */
export interface WordsTemplate {
  references: Reference[];
  render(scope: Scope): { argv: string[] };
}

/** Compiles every kind of author text, each distinct text once. */
export interface TextCompiler {
  /** Loads the CEL engine. To be awaited before anything is compiled that needsExpressions() says yes to, and before conditions are. */
  load(): Promise<void>;
  compileExpression(text: string, at: Span): { expression?: Expression; problems: Problem[] };
  compileCondition(condition: Condition): { condition?: CompiledCondition; problems: Problem[] };
  compileTemplate(text: string, at: Span): { template?: Template; problems: Problem[] };
  compileValue(located: Located<Value>): { value?: ValueTemplate; problems: Problem[] };
  compileShell(text: string, at: Span): { shell?: ShellTemplate; problems: Problem[] };
  compileWords(text: string, at: Span): { words?: WordsTemplate; problems: Problem[] };
}

/** Makes a compiler with its own cache. `sources` lets places be exact in texts that YAML unescaped or unindented. */
export function createTextCompiler(options: { sources?: Sources } = {}): TextCompiler {
  throw new Error(`to be filled ${options}`);
}

/** Whether a text (or a whole file) holds `{{= …}}`, `{{#if= …}}` or the like, so that the CEL engine is needed. */
export function needsExpressions(text: string): boolean {
  return /\{\{~?\s*(#\s*\w+|else\s+\w+)?=/.test(text);
}
