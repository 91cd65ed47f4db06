import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import type { Problem } from '../problems/problem.ts';
import { type TextCompiler, unrendered, type ValueTemplate } from '../template/text-compiler.ts';

/** Compiles a mapping of author variables, each by itself. Problems are added to `problems`; the name of a faulty one is known all the same. */
export function compileVars(
  fields: Located<Fields> | undefined,
  compiler: TextCompiler,
  problems: Problem[],
): ReadonlyMap<string, ValueTemplate> {
  const map = new Map<string, ValueTemplate>();
  if (!fields) return map;
  for (const [name, value] of Object.entries(fields.value)) {
    const done = compiler.compileValue(entryOf(fields, name, value));
    problems.push(...done.problems);
    map.set(name, done.value ?? unrendered(value));
  }
  return map;
}

/** The entry of a mapping as a located value of its own. */
export function entryOf(fields: Located<Fields>, name: string, value: Value): Located<Value> {
  return { value, locate: (path = [], side) => fields.locate([name, ...path], side) };
}
