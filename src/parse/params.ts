import type { Module } from '../model/module.ts';
import type { SchemaIssue } from '../model/schema-issue.ts';
import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { similar } from '../util/similar.ts';
import { type Context, type Entries, isFields, isTemplate, report } from './context.ts';
import { describe, shortened } from './describe.ts';
import { taskKeywords } from './keywords.ts';
import { wantedWords } from './wanted.ts';

interface Given {
  module: Module;
  /** The task. */
  entries: Entries;
  args: Located<Fields>;
}

/**
 * Checks a module's parameters against its schema and its groups of parameters that exclude or need each other.
 * What lies at or below a text with `{{` may be anything until it is rendered. Gives the parameters back,
 * a number whose text had to be kept (`1.0`) turned into a number where one is wanted.
 */
export async function checkParams(context: Context, given: Given): Promise<Located<Fields>> {
  const { module } = given;
  let { args } = given;
  let issues = await context.validate(module.name, args.value);
  const numbers = issues.filter((issue) => wantsNumber(issue) && plainNumber(context, args, issue.path) !== undefined);
  if (numbers.length > 0) {
    args = { ...args, value: withNumbers(context, args, numbers) };
    issues = await context.validate(module.name, args.value);
  }
  const seen = new Set<string>();
  for (const issue of issues) {
    if (isTemplate(valueAt(args.value, issue.path))) continue;
    const place = JSON.stringify([
      issue.path,
      issue.keyword,
      issue.params['missingProperty'],
      issue.params['additionalProperty'],
    ]);
    if (!seen.has(place)) reportIssue(context, { ...given, args }, issue);
    seen.add(place);
  }
  reportGroups(context, given);
  return args;
}

/** The names of a module's parameters, as its check knows them. */
export async function paramsOf(context: Context, module: string): Promise<string[]> {
  const issues = await context.validate(module, { '': null });
  const unknown = issues.find((issue) => issue.keyword === 'additionalProperties' && issue.path.length === 0);
  return textList(unknown?.params['allowed']);
}

function reportIssue(context: Context, { module, args, entries }: Given, issue: SchemaIssue): undefined {
  const { path, keyword, params } = issue;
  const value = valueAt(args.value, path) ?? null;
  const name = path.length > 0 ? pathText(path) : `"${module.name}"`;
  const at = args.locate(path);
  if (keyword === 'additionalProperties') {
    const unknown = String(params['additionalProperty']);
    const allowed = textList(params['allowed']);
    const near = similar(unknown, allowed);
    const keyword = path.length === 0 && (taskKeywords as readonly string[]).includes(unknown);
    const facts = {
      module: owner(module, path),
      name: unknown,
      allowed,
      keyword,
      ...(near !== undefined && { similar: near }),
    };
    return report(context, 'E_PARAM_UNKNOWN', facts, args.locate([...path, unknown], 'key'));
  }
  if (keyword === 'required') {
    const place = path.length > 0 ? at : entries.locate([module.name], 'key');
    const facts = { module: owner(module, path), name: String(params['missingProperty']) };
    return report(context, 'E_PARAM_MISSING', facts, place);
  }
  if (keyword === 'enum' || keyword === 'const') {
    const allowed = textList(params['allowedValues'] ?? [params['allowedValue']]);
    const near = typeof value === 'string' ? similar(value, allowed) : undefined;
    return report(
      context,
      'E_PARAM_VALUE',
      { name, found: describe(value), allowed, ...(near !== undefined && { similar: near }) },
      at,
    );
  }
  if (keyword === 'type') {
    const types = textList([params['type']].flat());
    const advice = adviceFor(types, value);
    const facts = { name, wanted: wantedWords(types), found: describe(value), ...(advice !== undefined && { advice }) };
    return report(context, 'E_PARAM_TYPE', facts, at);
  }
  if (keyword === 'pattern' && /(?:^|_)mode"$/.test(name)) {
    return report(context, 'E_PARAM_MODE', { name, found: describe(value) }, at);
  }
  const detail = keyword === 'minLength' && value === '' ? 'must not be empty' : issue.message;
  return report(context, 'E_PARAM_INVALID', { name, found: describe(value), detail }, at);
}

function owner(module: Module, path: readonly (string | number)[]): string {
  return path.length === 0 ? module.name : `${module.name}: ${pathText(path).replaceAll('"', '')}`;
}

/** `"headers.accept"`, `"rules[2].port"`. */
function pathText(path: readonly (string | number)[]): string {
  const text = path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index > 0 ? `.${step}` : step))
    .join('');
  return `"${shortened(text, 80)}"`;
}

/** The commonest wrong kinds come from YAML itself: a number where text is wanted, and the other way round. */
function adviceFor(types: readonly string[], value: Value): string | undefined {
  if (types.includes('string') && (typeof value === 'number' || typeof value === 'boolean'))
    return `put it in quotes: '${value}'`;
  if (types.includes('boolean') && typeof value === 'string') {
    if (/^(?:yes|on|true)$/i.test(value)) return 'write true, without quotes';
    if (/^(?:no|off|false)$/i.test(value)) return 'write false, without quotes';
  }
  if (
    types.some((type) => type === 'number' || type === 'integer') &&
    typeof value === 'string' &&
    /^[0-9]+$/.test(value)
  )
    return 'write it without quotes';
  if (types.includes('array') && !types.includes('string') && typeof value === 'string') return 'write a list: [ … ]';
  return undefined;
}

function reportGroups(context: Context, { module, args, entries }: Given): void {
  const given = (names: readonly string[]): string[] => names.filter((name) => args.value[name] !== undefined);
  for (const names of module.exclusive ?? []) {
    const [first, second] = given(names);
    if (first === undefined || second === undefined) continue;
    const also = [{ at: args.locate([first], 'key'), label: `"${first}" is here` }];
    report(context, 'E_PARAM_CONFLICT', { module: module.name, names: [...names] }, args.locate([second], 'key'), also);
  }
  for (const names of module.requireOne ?? []) {
    if (given(names).length > 0) continue;
    report(context, 'E_PARAM_ONE_OF', { module: module.name, names: [...names] }, entries.locate([module.name], 'key'));
  }
}

function wantsNumber(issue: SchemaIssue): boolean {
  return (
    issue.keyword === 'type' && [issue.params['type']].flat().some((type) => type === 'number' || type === 'integer')
  );
}

/** The number that a text without quotes is, although its digits were kept (`1.0`, `007`). */
function plainNumber(context: Context, args: Located<Fields>, path: readonly (string | number)[]): number | undefined {
  const text = valueAt(args.value, path);
  if (typeof text !== 'string' || !/^[-+]?[0-9]+(?:\.[0-9]+)?$/.test(text)) return undefined;
  const at = args.locate(path);
  const written = context.sources.get(at.file)?.slice(at.start, at.end);
  return written === text && text.length <= 15 ? Number(text) : undefined;
}

function withNumbers(context: Context, args: Located<Fields>, issues: readonly SchemaIssue[]): Fields {
  const copy = structuredClone(args.value);
  for (const { path } of issues) {
    const parent = valueAt(copy, path.slice(0, -1));
    const last = path.at(-1);
    const number = plainNumber(context, args, path);
    if (number === undefined) continue;
    if (Array.isArray(parent) && typeof last === 'number') parent[last] = number;
    else if (isFields(parent) && typeof last === 'string') parent[last] = number;
  }
  return copy;
}

function valueAt(root: Value, path: readonly (string | number)[]): Value | undefined {
  let value: Value | undefined = root;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else if (isFields(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
