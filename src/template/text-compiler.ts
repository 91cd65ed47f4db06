import type { ExpressionCompiler } from '../expr/compile.ts';
import { type CompiledCondition, compileCondition } from '../expr/condition.ts';
import type { CompiledExpression } from '../expr/expression.ts';
import { loadExpressions } from '../expr/load.ts';
import { plainPath } from '../expr/plain-path.ts';
import type { Definition } from '../model/inventory.ts';
import type { Condition } from '../model/playbook.ts';
import type { Located, Sources, Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import type { Problem } from '../problems/problem.ts';
import { type CompiledDefinition, createDefinitions } from './definitions.ts';
import { misplacedOmit } from './omit-place.ts';
import { compileShell, type ShellTemplate } from './shell/compile-shell.ts';
import { compileWords, type WordsTemplate } from './shell/compile-words.ts';
import { compileSql } from './sql/compile-sql.ts';
import { compileTemplate, type Template } from './template.ts';
import { compileTree, unrendered, type ValueTemplate } from './value-template.ts';

export type { CompiledCondition, CompiledDefinition, ShellTemplate, Template, ValueTemplate, WordsTemplate };
export { unrendered };

/** Compiles every kind of author text, each text at each place once. User mistakes come back as problems, all of a text together. */
export interface TextCompiler {
  /** Loads the CEL engine. To be awaited before an expression is compiled that is no plain path, and text of which needsExpressions() says yes. */
  load(): Promise<void>;
  /** `at` is the span of the scalar in its file, quotes and block header included or not. */
  compileExpression(text: string, at: Span): CompiledExpression;
  compileCondition(condition: Condition): { condition?: CompiledCondition; problems: Problem[] };
  compileTemplate(text: string, at: Span): { template?: Template; problems: Problem[] };
  compileValue(located: Located<Value>): { value?: ValueTemplate; problems: Problem[] };
  /** An inventory variable; data is not rendered. */
  compileDefinition(definition: Definition): CompiledDefinition;
  compileShell(text: string, at: Span, executable?: string): { shell?: ShellTemplate; problems: Problem[] };
  compileWords(text: string, at: Span): { words?: WordsTemplate; problems: Problem[] };
  /** A tree with SQL in it, where `isSql` says so: those texts become SqlText. */
  compileSql(
    located: Located<Value>,
    isSql: (path: readonly (string | number)[]) => boolean,
  ): { value?: ValueTemplate; problems: Problem[] };
}

/** Makes a compiler with a cache of its own. `sources` lets places be exact in texts that YAML unescaped or unindented. */
export function createTextCompiler({ sources }: { sources?: Sources | undefined } = {}): TextCompiler {
  let loaded: ExpressionCompiler | undefined;
  const engine = (): ExpressionCompiler => {
    if (!loaded) throw new Error('load() must be awaited before an expression is compiled');
    return loaded;
  };
  const options = (): { sources: Sources | undefined; expressions: ExpressionCompiler | undefined } => ({
    sources,
    expressions: loaded,
  });
  const expressions = cache((text, at): CompiledExpression => {
    const plain = plainPath(text, at, sources);
    const compiled = plain ? { expression: plain, problems: [] } : engine().compileExpression(text, at);
    const misplaced = misplacedOmit(compiled.expression?.references ?? []);
    return misplaced.length > 0 ? { problems: misplaced } : compiled;
  });
  const conditions = cache((text, at) => compileCondition(expressions, { text, at }, sources));
  const templates = cache((text, at) => compileTemplate(text, at, options()));
  const shells = cache((text, at, executable) => compileShell(text, at, { ...options(), executable }));
  const words = cache((text, at) => compileWords(text, at, options()));
  const sqls = cache((text, at) => compileSql(text, at, options()));
  const trees = new WeakMap<Located<Value>, ReturnType<TextCompiler['compileValue']>>();
  const compileValue = (located: Located<Value>): ReturnType<TextCompiler['compileValue']> => {
    const known = trees.get(located) ?? compileTree(located, (text, at) => templates(text, at));
    trees.set(located, known);
    return known;
  };
  return {
    load: async () => {
      loaded ??= await loadExpressions({ sources });
    },
    compileExpression: expressions,
    compileCondition: ({ text, at }) => conditions(text, at),
    compileTemplate: templates,
    compileValue,
    compileDefinition: createDefinitions(compileValue),
    compileShell: shells,
    compileWords: words,
    compileSql: (located, isSql) =>
      compileTree(located, (text, at, path) => (isSql(path) ? sqls(text, at) : templates(text, at))),
  };
}

/** Whether a text (or a whole file) holds `{{= …}}`, `{{#if= …}}` or the like, so that the CEL engine is needed. */
export function needsExpressions(text: string): boolean {
  return /\{\{~?\s*(?:#\s*\w+|else\s+\w+)?\s*=/.test(text);
}

function cache<T>(compile: (text: string, at: Span, more?: string) => T): (text: string, at: Span, more?: string) => T {
  const known = new Map<string, T>();
  return (text, at, more) => {
    const key = `${at.file}\0${at.start}\0${more ?? ''}\0${text}`;
    const found = known.get(key) ?? compile(text, at, more);
    known.set(key, found);
    return found;
  };
}
