import type { Module } from '../model/module.ts';
import type { Located, Span } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { strict } from '../modules/strict.ts';
import type { Validator } from '../modules/validate.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { compileSchema } from './schema.ts';

/** What a module says about itself, checked. */
export interface About {
  common: Omit<Module, 'on' | 'resource' | 'run' | 'pure' | 'params' | 'name'> & { params: never };
  validator: Validator;
  /** Defaults that the schema names, of parameters that are not given. */
  withDefaults(params: Fields): Fields;
}

/** A key of a description, and what its value must be. */
type Rule = { is(value: unknown): boolean; wanted: string };

const text: Rule = { is: (value) => typeof value === 'string' && value.trim() !== '', wanted: 'a text' };
const flag: Rule = { is: (value) => typeof value === 'boolean', wanted: 'true or false' };
const sentences: Rule = {
  is: (value) => isMapping(value) && Object.values(value).every((each) => typeof each === 'string'),
  wanted: 'a mapping of names to sentences',
};
const tasks: Rule = { is: (value) => isListOf(value, isMapping), wanted: 'a list of tasks' };
const groups: Rule = {
  is: (value) => isListOf(value, (group) => isListOf(group, (name) => typeof name === 'string')),
  wanted: 'a list of lists of parameters',
};

/** What both kinds of modules say. */
const RULES: Record<string, Rule> = {
  summary: text,
  params: { is: isMapping, wanted: 'JSON Schema of a mapping' },
  result: sentences,
  facts: sentences,
  examples: tasks,
  idempotent: flag,
  shorthand: text,
  exclusive: groups,
  requireOne: groups,
};

/** Rules for more keys. */
export const more = { text, flag, sentences } as const;

/**
 * Checks what a module says about itself; `own` are the keys beside those that all have. Throws ProblemError with everything that is wrong.
 */
export async function readAbout(options: {
  name: string;
  given: Record<string, unknown>;
  own: Record<string, Rule>;
  /** Where a key stands; without one, where the module begins. */
  place(key?: string, path?: readonly string[]): Span;
}): Promise<About> {
  const { name, given, own, place } = options;
  const rules = { ...RULES, ...own };
  const problems: Problem[] = [];
  const refuse = (detail: string, key?: string, more: { advice?: string; similar?: string } = {}): void => {
    problems.push(problem('E_OWN_SHAPE', { name, detail, ...more }, place(key)));
  };
  for (const [key, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (value === undefined) continue;
    if (!rule) {
      const near = similar(key, Object.keys(rules));
      const advice = `it takes ${Object.keys(rules).join(', ')}`;
      refuse(`has no key "${key}"`, key, near === undefined ? { advice } : { similar: near });
    } else if (!rule.is(value)) refuse(`must have ${rule.wanted} under "${key}"`, key);
  }
  if (given['summary'] === undefined) {
    refuse('does not say what it is for', undefined, {
      advice: 'add "summary": one sentence on what is true after the task',
    });
  }
  if (given['params'] === undefined) {
    refuse('does not say which parameters it has', undefined, {
      advice: 'add "params": JSON Schema; { "type": "object", "properties": {} } when it has none',
    });
  }
  if (problems.length > 0) throw new ProblemError(problems);

  const params = strict({ type: 'object', ...(given['params'] as object) });
  params['properties'] ??= {};
  params['additionalProperties'] ??= params['patternProperties'] !== undefined;
  const names = Object.keys(params['properties'] as Fields);
  const spoken = [given['shorthand'] ?? [], given['exclusive'] ?? [], given['requireOne'] ?? []].flat(3) as string[];
  for (const each of new Set(spoken.filter((one) => !names.includes(one)))) {
    const near = similar(each, names);
    refuse(
      `has no parameter "${each}"`,
      each === given['shorthand'] ? 'shorthand' : 'params',
      near === undefined ? {} : { similar: near },
    );
  }
  if (params['type'] !== 'object') refuse('must have parameters of "type": "object"', 'params');
  if (problems.length > 0) throw new ProblemError(problems);
  const { validator, fault } = await compileSchema(params);
  if (fault) {
    const where = ['params', ...fault.path].join('.');
    throw new ProblemError(problem('E_OWN_SCHEMA', { name, where, detail: fault.detail }, place('params', fault.path)));
  }
  const { result, facts, examples, idempotent, shorthand, exclusive, requireOne, summary } = given as unknown as Module;
  return {
    common: {
      summary,
      params: params as never,
      result: result ?? {},
      ...(result === undefined && { openResult: true as const }),
      ...(facts && { facts }),
      examples: examples ?? [],
      idempotent: idempotent ?? false,
      ...(shorthand !== undefined && { shorthand }),
      ...(exclusive && { exclusive }),
      ...(requireOne && { requireOne }),
    },
    validator,
    withDefaults: (values) => ({ ...defaultsOf(params), ...values }),
  };
}

/** The values that a schema names for parameters that are not given. */
function defaultsOf(params: Record<string, unknown>): Fields {
  const properties = Object.entries(params['properties'] as Record<string, Record<string, unknown>>);
  return Object.fromEntries(
    properties.flatMap(([name, schema]) =>
      isMapping(schema) && schema['default'] !== undefined ? [[name, structuredClone(schema['default'])]] : [],
    ),
  ) as Fields;
}

/** The place of a key in a located description. */
export function placeIn(root: Located<unknown>): (key?: string, path?: readonly string[]) => Span {
  return (key, path = []) =>
    key === undefined ? firstOf(root.locate()) : root.locate([key, ...path], path.length > 0 ? 'value' : 'key');
}

function firstOf(span: Span): Span {
  return { ...span, end: Math.min(span.end, span.start + 1) };
}

/** True for a mapping. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, is: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}
