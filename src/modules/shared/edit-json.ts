import { isDeepStrictEqual } from 'node:util';
import type { EditResult } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { type JsonMember, type JsonNode, readJson } from '../../util/json-text.ts';
import { indexOf, pointerOf } from './json-pointer.ts';

/** A value that is to be at a place, or is not. */
export interface ValueWanted {
  present: boolean;
  /** The way to it; a last step `-` stands for an element of a list that has the value. */
  steps: readonly string[];
  /** undefined only where nothing is to be at the place, whatever is there. */
  value?: Value;
  create: boolean;
}

/** A piece of the text that gives way to another. */
interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Changes one value and nothing else of the text: other values keep their spelling, their order and their lines. */
export function editJson(text: string | undefined, wanted: ValueWanted): EditResult {
  if (text === undefined && !wanted.present) return { text, fields: { msg: '' } };
  if (text === undefined && !wanted.create) return { failure: 'the file does not exist; create: true makes it' };
  const mark = text?.startsWith('\ufeff') ? '\ufeff' : '';
  const old = (text ?? '').slice(mark.length);
  // Nothing is in an empty file, as nothing is in an empty object.
  let made = old.trim() === '' ? (wanted.present ? '{}\n' : old) : old;
  if (made.trim() === '') return { text, fields: { msg: '' } };
  for (;;) {
    const root = readJson(made);
    if (typeof root === 'string') return { failure: `the file ${root}` };
    const splice = wanted.present ? setting(made, root, wanted) : removal(made, root, wanted);
    if (typeof splice === 'string') return { failure: splice };
    if (splice === undefined) break;
    made = made.slice(0, splice.start) + splice.text + made.slice(splice.end);
    if (wanted.present) break;
  }
  const changed = made !== old;
  return { text: mark + made, fields: { msg: changed ? (wanted.present ? 'value set' : 'value removed') : '' } };
}

function setting(text: string, root: JsonNode, { steps, value = null }: ValueWanted): Splice | string | undefined {
  let node = root;
  for (const [i, step] of steps.entries()) {
    const rest = steps.slice(i + 1);
    if (node.kind === 'object') {
      const found = node.members.findLast((member) => member.name === step);
      if (found === undefined) return insert(text, { root, into: node, name: step, value: nest(rest, value) });
      node = found.value;
    } else if (node.kind === 'array') {
      if (step === '-' && node.items.some((item) => same(text, item, value))) return undefined;
      const index = step === '-' ? node.items.length : indexOf(step);
      if (index === undefined || index > node.items.length) return noElement(steps.slice(0, i + 1), node.items.length);
      const item = node.items[index];
      if (item === undefined) return insert(text, { root, into: node, value: nest(rest, value) });
      node = item;
    } else return noContainer(steps.slice(0, i));
  }
  if (same(text, node, value)) return undefined;
  const inline = node.kind !== 'scalar' && isInline(text, node);
  return { start: node.start, end: node.end, text: spell(text, value, { root, at: node.start, inline }) };
}

function removal(text: string, root: JsonNode, { steps, value }: ValueWanted): Splice | string | undefined {
  let node = root;
  for (const [i, step] of steps.entries()) {
    const last = i === steps.length - 1;
    if (node.kind === 'scalar') return undefined;
    const parts = node.kind === 'object' ? node.members : node.items;
    const index =
      node.kind === 'object'
        ? node.members.findLastIndex((member) => member.name === step)
        : step === '-'
          ? node.items.findIndex((item) => same(text, item, value ?? null))
          : (indexOf(step) ?? -1);
    const part = parts[index];
    if (part === undefined) return undefined;
    const inner = innerOf(part);
    if (!last) node = inner;
    else if (step !== '-' && value !== undefined && !same(text, inner, value)) return undefined;
    else return cut(node, parts, index);
  }
  return undefined;
}

/** Takes a part out with one of the commas around it. */
function cut(node: JsonNode, parts: readonly (JsonMember | JsonNode)[], index: number): Splice {
  const [before, part, after] = [parts[index - 1], parts[index], parts[index + 1]];
  if (part === undefined) throw new Error('no such part');
  if (before !== undefined) return { start: innerOf(before).end, end: innerOf(part).end, text: '' };
  if (after !== undefined) return { start: part.start, end: after.start, text: '' };
  return { start: node.start + 1, end: node.end - 1, text: '' };
}

/** Puts a new part behind the others, on a line of its own where they are. */
function insert(
  text: string,
  { root, into, name, value }: { root: JsonNode; into: JsonNode; name?: string; value: Value },
): Splice {
  const parts = into.kind === 'object' ? into.members : into.kind === 'array' ? into.items : [];
  const last = parts.at(-1);
  const inline = last === undefined ? isInline(text, root) : isInline(text, into);
  const { colon, comma, unit, newline } = styleOf(text, root);
  const outer = indentAt(text, into.start);
  const indent = parts[0] === undefined || inline ? outer + unit : indentAt(text, parts[0].start);
  const key = name === undefined ? '' : JSON.stringify(name) + colon;
  const part = key + spell(text, value, { root, inline, indent });
  if (last !== undefined) {
    const end = innerOf(last).end;
    return { start: end, end, text: inline ? comma + part : `,${newline}${indent}${part}` };
  }
  const inside = inline ? part : `${newline}${indent}${part}${newline}${outer}`;
  return { start: into.start + 1, end: into.end - 1, text: inside };
}

/** A value as it is written at a place of the text, indented like what is there. */
function spell(
  text: string,
  value: Value,
  { root, inline, at, indent }: { root: JsonNode; inline: boolean; at?: number; indent?: string },
): string {
  const { colon, comma, unit, newline } = styleOf(text, root);
  const write = (one: Value, before: string): string => {
    if (one === null || typeof one !== 'object') return JSON.stringify(one);
    const [open, close] = Array.isArray(one) ? '[]' : '{}';
    const within = before + unit;
    const parts = Array.isArray(one)
      ? one.map((item) => write(item, within))
      : Object.entries(one).map(([name, item]) => JSON.stringify(name) + colon + write(item, within));
    if (parts.length === 0) return `${open}${close}`;
    if (inline) return `${open}${parts.join(comma)}${close}`;
    return `${open}${newline}${within}${parts.join(`,${newline}${within}`)}${newline}${before}${close}`;
  };
  return write(value, indent ?? indentAt(text, at ?? 0));
}

function styleOf(text: string, root: JsonNode): { colon: string; comma: string; unit: string; newline: string } {
  const first = root.kind === 'object' ? root.members[0] : root.kind === 'array' ? root.items[0] : undefined;
  const lined = first !== undefined && !isInline(text, root);
  const compact = first !== undefined && !lined && !/[:,] /.test(text);
  return {
    colon: compact ? ':' : ': ',
    comma: compact ? ',' : ', ',
    unit: (lined && indentAt(text, first.start)) || '  ',
    newline: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** Whether the parts of an object or a list follow on one line; an empty one goes either way. */
function isInline(text: string, node: JsonNode): boolean {
  const first = node.kind === 'object' ? node.members[0] : node.kind === 'array' ? node.items[0] : undefined;
  return first !== undefined && !text.slice(node.start, first.start).includes('\n');
}

/** The white space that a line begins with. */
function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1, at))?.[0] ?? '';
}

function same(text: string, node: JsonNode, value: Value): boolean {
  return isDeepStrictEqual(JSON.parse(text.slice(node.start, node.end)), value);
}

function innerOf(part: JsonMember | JsonNode): JsonNode {
  return 'value' in part ? part.value : part;
}

/** The value within the objects that are missing on the way to it; a `-` asks for a list. */
function nest(steps: readonly string[], value: Value): Value {
  return steps.reduceRight<Value>((inner, step) => (step === '-' ? [inner] : { [step]: inner }), value);
}

/** Why nothing can be put at a place of a list. */
export function noElement(steps: readonly string[], count: number): string {
  return `${pointerOf(steps)} is in a list of ${count}; - appends to it`;
}

/** Why nothing can be put into a value. */
export function noContainer(steps: readonly string[]): string {
  return `${pointerOf(steps) || 'the whole file'} is neither an object nor a list`;
}
