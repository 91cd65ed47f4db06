import type { Reference } from '../expr/expression.ts';
import { omitted } from '../functions/omitted.ts';
import type { Scope } from '../model/scope.ts';
import type { Located, Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import type { Template } from './template.ts';

/** A tree of values whose strings, at any depth, are templates. Keys are never templates. What gives `omit` inside it is left out. */
export interface ValueTemplate {
  isStatic: boolean;
  references: Reference[];
  /** Static parts are the author's own objects, to be read only. Throws ProblemError with the problems of every part. */
  render(scope: Scope): Value;
}

/** A value as it is: data, or one that cannot be compiled. */
export function unrendered(value: Value): ValueTemplate {
  return { isStatic: true, references: [], render: () => value };
}

/** A part of the tree: always the same, or made from a scope; problems are collected. */
type Compiled = { fixed: Value } | { render: (scope: Scope, problems: Problem[]) => Value };

/** Compiles every string of a tree once; parts without a mustache cost nothing when rendered. */
export function compileTree(
  { value, locate }: Located<Value>,
  compile: (
    text: string,
    at: Span,
    path: readonly (string | number)[],
  ) => { template?: Pick<Template, 'isStatic' | 'references' | 'render'>; problems: Problem[] },
): { value?: ValueTemplate; problems: Problem[] } {
  const problems: Problem[] = [];
  const references: Reference[] = [];

  const part = (one: Value, path: (string | number)[]): Compiled => {
    if (typeof one === 'string') return text(one, path);
    if (typeof one !== 'object' || one === null) return { fixed: one };
    if (Array.isArray(one)) {
      const items = one.map((item, i) => part(item, [...path, i]));
      return joined(items, (parts) => parts.filter((each) => each !== omitted), one);
    }
    const keys = Object.keys(one);
    const items = Object.entries(one).map(([key, item]) => part(item, [...path, key]));
    return joined(items, (parts) => mapping(keys, parts), one);
  };

  const text = (source: string, path: (string | number)[]): Compiled => {
    const { template, problems: wrong } = compile(source, locate(path), path);
    problems.push(...wrong);
    if (!template) return { fixed: source };
    if (template.isStatic) return { fixed: template.render(NOTHING) };
    references.push(...template.references);
    return {
      render: (scope, found) => {
        try {
          return template.render(scope);
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error;
          found.push(...error.problems);
          return null;
        }
      },
    };
  };

  const root = part(value, []);
  if (problems.length > 0) return { problems };
  const render = (scope: Scope): Value => {
    if ('fixed' in root) return root.fixed;
    const found: Problem[] = [];
    const rendered = root.render(scope, found);
    if (found.length > 0) throw new ProblemError(found);
    return rendered;
  };
  return { value: { isStatic: 'fixed' in root, references, render }, problems };
}

/** What is `omit` is left out. */
function mapping(keys: readonly string[], parts: readonly Value[]): Value {
  return Object.fromEntries(
    keys.flatMap((key, i): [string, Value][] => (parts[i] === omitted ? [] : [[key, parts[i] ?? null]])),
  );
}

/** A list or a mapping from its parts; one that is all static is made now, or not at all when nothing changed. */
function joined(parts: Compiled[], build: (values: Value[]) => Value, original: Value): Compiled {
  const isSame = Object.values(original ?? {}).every((item, i) => {
    const one = parts[i];
    return one && 'fixed' in one && one.fixed === item;
  });
  if (isSame) return { fixed: original };
  const fixed = parts.flatMap((one) => ('fixed' in one ? [one.fixed] : []));
  if (fixed.length === parts.length) return { fixed: build(fixed) };
  return {
    render: (scope, problems) => build(parts.map((one) => ('fixed' in one ? one.fixed : one.render(scope, problems)))),
  };
}

/** A scope for text that reads nothing. */
const NOTHING: Scope = { get: () => undefined, names: () => [] };
