import { type Alias, isAlias, isMap, isScalar, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { SecretSource } from '../../model/secret-source.ts';
import type { Span } from '../../model/span.ts';
import type { Fields, Value } from '../../model/value.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { nearName } from '../near.ts';
import { quotedLine } from './fixed.ts';
import { marksBefore, openBrackets } from './lexemes.ts';
import { LIMITS } from './limits.ts';
import { scalarValue, taggedValue, textOf } from './scalar.ts';
import { SECRET_TAG } from './tokens.ts';

/** A node's value, with what it would cost if it were written out again at every alias. */
interface Built {
  value: Value;
  values: number;
  depth: number;
}

/** What stands behind an alias, for finding places inside it. */
export type Targets = Map<Alias, ParsedNode>;

type Size = Pick<Built, 'values' | 'depth'>;

interface State {
  file: string;
  text: string;
  problems: Problem[];
  targets: Targets;
  anchors: Map<string, { node: ParsedNode; built?: Built }>;
  /** Values so far, aliases counted in full. */
  total: number;
  stopped: boolean;
  secrets: SecretSource | undefined;
}

/**
 * Plain data from a syntax tree. Values behind an alias are shared, not copied; mappings have no prototype, so no key can reach one.
 * Problems: equal keys, keys that are not text, aliases without or inside their anchor, wrong merges, values beyond the limits.
 */
export function buildValue(
  file: string,
  text: string,
  node: ParsedNode | null,
  secrets?: SecretSource,
): { value: Value; targets: Targets; problems: Problem[] } {
  const state: State = {
    file,
    text,
    problems: [],
    targets: new Map(),
    anchors: new Map(),
    total: 0,
    stopped: false,
    secrets,
  };
  const value = node === null ? null : build(state, node, undefined).value;
  return { value, targets: state.targets, problems: state.problems };
}

const NOTHING: Built = { value: null, values: 1, depth: 1 };

function build(state: State, node: ParsedNode, key: string | undefined): Built {
  if (state.stopped) return NOTHING;
  const entry = 'anchor' in node && node.anchor ? { node } : undefined;
  if (entry && 'anchor' in node && node.anchor) state.anchors.set(node.anchor, entry);
  const built = isAlias(node) ? aliased(state, node) : count(state, buildOwn(state, node, key), node);
  if (entry) Object.assign(entry, { built });
  return built;
}

function buildOwn(state: State, node: Exclude<ParsedNode, Alias.Parsed>, key: string | undefined): Built {
  if (isScalar(node)) return { value: scalar(state, node, key), values: 1, depth: 0 };
  const wanted = isMap(node) ? '!!map' : '!!seq';
  const tag = shortTag(node.tag);
  if (tag !== undefined && tag !== '!' && tag !== wanted) wrongTag(state, node, tag);
  return isMap(node) ? mapping(state, node) : list(state, node as YAMLSeq.Parsed);
}

function count(state: State, built: Built, node: ParsedNode): Built {
  state.total++;
  if (state.total > LIMITS.values) stop(state, 'values', node);
  return built;
}

function aliased(state: State, node: Alias.Parsed): Built {
  const anchor = state.anchors.get(node.source);
  if (anchor === undefined) {
    const near = nearName(node.source, state.anchors.keys());
    const flow = openBrackets(marksBefore(state.text, node.range[0])).length > 0;
    const fixed = quotedLine(state.text, node.range[0], flow);
    const facts = {
      name: node.source,
      ...(near !== undefined ? { similar: near } : /[.*/]/.test(node.source) && fixed ? { fixed } : {}),
    };
    state.problems.push(problem('E_YAML_ALIAS', facts, span(state, node)));
    return NOTHING;
  }
  if (anchor.built === undefined) {
    state.problems.push(problem('E_YAML_CYCLE', { name: node.source }, span(state, node)));
    return NOTHING;
  }
  state.targets.set(node, anchor.node);
  state.total += anchor.built.values;
  if (state.total > LIMITS.values) stop(state, 'values', node);
  return anchor.built;
}

function stop(state: State, what: 'values' | 'depth', node: ParsedNode): void {
  if (state.stopped) return;
  state.stopped = true;
  state.problems.push(problem('E_YAML_TOO_BIG', { what, limit: LIMITS[what] }, span(state, node)));
}

function list(state: State, node: YAMLSeq.Parsed): Built {
  const value: Value[] = [];
  const size = { values: 1, depth: 1 };
  for (const item of node.items) {
    const built = build(state, item, undefined);
    add(state, size, built, item);
    value.push(built.value);
  }
  return { value, ...size };
}

function add(state: State, size: Size, built: Built, node: ParsedNode): void {
  size.values += built.values;
  size.depth = Math.max(size.depth, built.depth + 1);
  if (size.depth > LIMITS.depth) stop(state, 'depth', node);
}

function mapping(state: State, node: YAMLMap.Parsed): Built {
  const value: Fields = Object.create(null);
  const size = { values: 1, depth: 1 };
  const seen = new Map<string, ParsedNode>();
  const merged: Fields[] = [];
  for (const pair of node.items) {
    if (state.stopped) break;
    if (isMergeKey(pair.key)) {
      merged.push(...mergeSources(state, size, pair));
      continue;
    }
    const name = keyName(state, pair.key);
    const built = pair.value ? build(state, pair.value, name) : NOTHING;
    if (pair.value) add(state, size, built, pair.value);
    if (name === undefined) continue;
    const first = seen.get(name);
    if (first) {
      const also = [{ at: span(state, first), label: 'first given here' }];
      state.problems.push(problem('E_YAML_DUPLICATE_KEY', { key: name }, span(state, pair.key), also));
      continue;
    }
    seen.set(name, pair.key);
    value[name] = built.value;
  }
  for (const source of merged)
    for (const name of Object.keys(source)) if (!(name in value)) value[name] = source[name] ?? null;
  return { value, ...size };
}

/** `<<` without quotes. */
export function isMergeKey(key: ParsedNode): boolean {
  return isScalar(key) && key.type === 'PLAIN' && textOf(key) === '<<';
}

function mergeSources(state: State, size: Size, pair: YAMLMap.Parsed['items'][number]): Fields[] {
  const before = state.problems.length;
  const built = pair.value ? build(state, pair.value, undefined) : NOTHING;
  if (pair.value) add(state, size, { ...built, depth: built.depth - 1 }, pair.value);
  const sources = (Array.isArray(built.value) ? built.value : [built.value]).filter(isMapping);
  const expected = Array.isArray(built.value) ? built.value.length : 1;
  if (sources.length < expected && state.problems.length === before)
    state.problems.push(problem('E_YAML_MERGE', {}, span(state, pair.value ?? pair.key)));
  return sources;
}

function isMapping(value: Value): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name a key gives its value: its text as written, so `80:` and `"80":` are one name. */
export function keyText(key: ParsedNode): string | undefined {
  return isScalar(key) ? textOf(key) : undefined;
}

function keyName(state: State, key: ParsedNode): string | undefined {
  const refuse = (detail: string): undefined => {
    state.problems.push(problem('E_YAML_KEY', { detail }, span(state, key)));
  };
  if (isAlias(key)) return refuse('an alias cannot be a key');
  const name = keyText(key);
  if (name === undefined || !isScalar(key)) return refuse('a list or a mapping cannot be a key');
  if (name === '__proto__') return refuse('"__proto__" is not accepted as a key');
  if (name.length > LIMITS.key) return refuse(`a key may be at most ${LIMITS.key} characters long`);
  if (name === '' && key.type === 'PLAIN') return refuse('the key before this colon is missing');
  if (key.anchor) state.anchors.set(key.anchor, { node: key, built: { value: name, values: 1, depth: 0 } });
  return name;
}

function scalar(state: State, node: Scalar.Parsed, key: string | undefined): Value {
  const tag = shortTag(node.tag);
  if (tag === undefined) return scalarValue(node, key);
  if (tag === SECRET_TAG) return secret(state, node);
  const value = taggedValue(node, tag);
  if (value !== undefined && tag !== '!!map' && tag !== '!!seq') return value;
  wrongTag(state, node, tag);
  return null;
}

/** What age wrote, however it is quoted or indented. */
function secret(state: State, node: Scalar.Parsed): Value {
  const at = span(state, node);
  const armored = `${textOf(node).trim()}\n`;
  if (armored.startsWith('-----BEGIN AGE ENCRYPTED FILE-----')) return state.secrets?.value(armored, at) ?? null;
  state.problems.push(problem('E_SECRET_VALUE', {}, at));
  return null;
}

function wrongTag(state: State, node: ParsedNode, tag: string): void {
  const text = isScalar(node) ? textOf(node) : isMap(node) ? 'a mapping' : 'a list';
  state.problems.push(problem('E_YAML_TAG_VALUE', { text, tag }, span(state, node)));
}

function shortTag(tag: string | undefined): string | undefined {
  return tag?.replace(/^tag:yaml\.org,2002:/, '!!');
}

function span(state: State, node: ParsedNode): Span {
  return nodeSpan(state.file, state.text, node);
}

/** Where a node stands, white space and line breaks after it left out. */
export function nodeSpan(file: string, text: string, node: ParsedNode): Span {
  const [start, valueEnd] = node.range;
  let end = valueEnd;
  while (end > start && /\s/.test(text[end - 1] ?? '')) end--;
  return { file, start, end };
}
