import type { SchemaIssue } from '../model/schema-issue.ts';
import type { Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Context, report } from './context.ts';
import { describe } from './describe.ts';
import { taskKeywords } from './keywords.ts';
import { nearName } from './near.ts';
import type { Given } from './params.ts';
import { pathText, valueAt } from './paths.ts';
import { boundWords, wantedWords } from './wanted.ts';

const keywords = new Set<string>(taskKeywords);

/** Puts what a schema check found into our words, each mistake once: a misspelt parameter is not also missing. */
export function reportIssues(context: Context, given: Given, issues: readonly SchemaIssue[]): void {
  const misspelt = new Set<string>();
  for (const issue of issues) {
    if (issue.keyword !== 'additionalProperties') continue;
    const near = nearName(String(issue.params['additionalProperty']), textList(issue.params['allowed']));
    if (near !== undefined) misspelt.add(placeKey(issue.path, near));
  }
  const seen = new Set<string>();
  for (const issue of issues) {
    const { path, keyword, params } = issue;
    if (keyword === 'required' && misspelt.has(placeKey(path, String(params['missingProperty'])))) continue;
    const key = placeKey(path, `${keyword} ${params['missingProperty'] ?? params['additionalProperty'] ?? ''}`);
    if (!seen.has(key)) reportIssue(context, given, issue);
    seen.add(key);
  }
}

function placeKey(path: readonly (string | number)[], detail: string): string {
  return JSON.stringify([...path, detail]);
}

function reportIssue(context: Context, given: Given, issue: SchemaIssue): undefined {
  const { module, args, entries } = given;
  const { path, keyword, params } = issue;
  const value = valueAt(args.value, path) ?? null;
  const at: Span = args.locate(path, value === null ? 'key' : 'value');
  const name = `"${path.length > 0 ? pathText(path) : module.name}"`;
  switch (keyword) {
    case 'additionalProperties':
      return unknownParam(context, given, issue);
    case 'required': {
      const place = path.length > 0 ? at : entries.locate([module.name], 'key');
      const facts = { owner: ownerOf(given, path), name: String(params['missingProperty']) };
      return report(context, 'E_PARAM_MISSING', facts, place);
    }
    case 'enum':
    case 'const': {
      const allowed = textList(params['allowedValues'] ?? [params['allowedValue']]);
      const near = typeof value === 'string' ? nearName(value, allowed) : undefined;
      const found = typeof value === 'string' && value !== '' ? `"${value}"` : describe(value);
      const facts = { name, found, allowed, ...(near !== undefined && { similar: near }) };
      return report(context, 'E_PARAM_VALUE', facts, at);
    }
    case 'type': {
      if (isMode(path) && typeof value === 'number') break;
      const types = textList([params['type']].flat());
      const advice = adviceFor(types, value);
      const facts = { name, wanted: wantedWords(types), found: describe(value), ...(advice && { advice }) };
      return report(context, 'E_PARAM_TYPE', facts, at);
    }
  }
  if (isMode(path)) return report(context, 'E_PARAM_MODE', { name, found: describe(value) }, at);
  const detail = value === '' ? 'must not be empty' : (boundWords(keyword, params) ?? issue.message);
  return report(context, 'E_PARAM_INVALID', { name, found: describe(value), detail }, at);
}

function unknownParam(context: Context, given: Given, { path, params }: SchemaIssue): undefined {
  const name = String(params['additionalProperty']);
  const allowed = textList(params['allowed']);
  const { foreignParams = {} } = given.module;
  const advice = path.length === 0 && Object.hasOwn(foreignParams, name) ? foreignParams[name] : undefined;
  const near = advice === undefined ? nearName(name, allowed) : undefined;
  const keyword = path.length === 0 && near === undefined && keywords.has(name);
  const facts = {
    ...{ owner: ownerOf(given, path), name, allowed, keyword },
    ...(near !== undefined && { similar: near }),
    ...(advice !== undefined && { advice }),
  };
  return report(context, 'E_PARAM_UNKNOWN', facts, given.args.locate([...path, name], 'key'));
}

function ownerOf({ module }: Given, path: readonly (string | number)[]): string {
  return path.length === 0 ? `"${module.name}"` : `${pathText(path)} of "${module.name}"`;
}

/** A number under `mode` is one that is no octal mode, or YAML would have kept its digits. */
function isMode(path: readonly (string | number)[]): boolean {
  const name = path.at(-1);
  return name === 'mode' || name === 'directory_mode';
}

/** The commonest wrong kinds come from YAML itself: a number where text is wanted, `yes`, a number in quotes. */
function adviceFor(types: readonly string[], value: Value): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean')
    return types.includes('string') ? `put it in quotes: '${value}'` : undefined;
  if (typeof value !== 'string') return undefined;
  if (types.includes('boolean')) {
    if (/^(?:yes|on|true)$/i.test(value)) return 'write true, without quotes';
    if (/^(?:no|off|false)$/i.test(value)) return 'write false, without quotes';
  }
  const number = types.includes('number') || types.includes('integer');
  if (number && /^[0-9]+$/.test(value)) return 'write it without quotes';
  return types.includes('array') ? `write a list: [${value}]` : undefined;
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
