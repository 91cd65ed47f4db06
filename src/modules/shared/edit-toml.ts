import { isDeepStrictEqual } from 'node:util';
import type { EditResult } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import type { ValueWanted } from './edit-json.ts';
import { indexOf } from './json-pointer.ts';
import { type TomlEntry, tomlEntries } from './toml-entries.ts';

/** The parser: what it reads of the new text has to be what was wanted. */
export interface TomlTools {
  parse(text: string): unknown;
  stringify(value: Record<string, unknown>): string;
}

type Table = Record<string, unknown>;

const untouchable =
  'it cannot be changed there without other lines; write the table itself, or the whole file with a template';

/** Changes one value and nothing else of the text. What is written is read again first: where that is not what was wanted, nothing is. */
export function editToml(text: string | undefined, wanted: ValueWanted, tools: TomlTools): EditResult {
  if (text === undefined && !wanted.present) return { text, fields: { msg: '' } };
  if (text === undefined && !wanted.create) return { failure: 'the file does not exist; create: true makes it' };
  const old = text ?? '';
  const before = read(old, tools);
  if (typeof before === 'string') return { failure: `the file is no TOML: ${before}` };
  const after = plain(before) as Table;
  const fault = wanted.present ? put(after, wanted) : take(after, wanted);
  if (fault !== undefined) return { failure: fault };
  if (isDeepStrictEqual(after, before)) return { text, fields: { msg: '' } };
  const made = wanted.present ? written(old, after, { wanted, tools }) : without(old, wanted.steps);
  if (made === undefined || !isDeepStrictEqual(read(made, tools), after)) return { failure: untouchable };
  return { text: made, fields: { msg: wanted.present ? 'value set' : 'value removed' } };
}

function read(text: string, { parse }: TomlTools): Table | string {
  try {
    return plain(parse(text)) as Table;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  }
}

/** Tables as ordinary objects: the parser's have no prototype. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

function at(node: unknown, step: string): unknown {
  if (Array.isArray(node)) return node[indexOf(step) ?? -1];
  return typeof node === 'object' && node !== null && Object.hasOwn(node, step) ? (node as Table)[step] : undefined;
}

function put(root: Table, { steps, value }: ValueWanted): string | undefined {
  let node: unknown = root;
  for (const [i, step] of steps.entries()) {
    const isLast = i === steps.length - 1;
    if (Array.isArray(node)) {
      if (step === '-' && isLast) {
        if (!node.some((item) => isDeepStrictEqual(item, value))) node.push(value);
        return undefined;
      }
      const index = indexOf(step);
      if (index === undefined || index >= node.length)
        return `there is no element ${step} at /${steps.slice(0, i).join('/')}`;
      if (isLast) node[index] = value;
    } else if (typeof node === 'object' && node !== null && !(node instanceof Date)) {
      if (isLast) (node as Table)[step] = value;
      else if (at(node, step) === undefined) (node as Table)[step] = {};
    } else return `/${steps.slice(0, i).join('/')} is no table and no list`;
    node = at(node, step);
  }
  return undefined;
}

function take(root: Table, { steps, value }: ValueWanted): string | undefined {
  const name = steps.at(-1) as string;
  const node = steps.slice(0, -1).reduce<unknown>(at, root);
  if (Array.isArray(node)) {
    const index = name === '-' ? node.findIndex((item) => isDeepStrictEqual(item, value)) : (indexOf(name) ?? -1);
    if (index >= 0) node.splice(index, 1);
  } else if (at(node, name) !== undefined && (value === undefined || isDeepStrictEqual(at(node, name), value)))
    delete (node as Table)[name];
  return undefined;
}

const leads = (path: readonly string[], steps: readonly string[]): boolean =>
  path.length <= steps.length && path.every((step, i) => step === steps[i]);

/** The text with the value of `after` in place of the entry that has it, or as a new line of its table. */
function written(
  old: string,
  after: Table,
  { wanted: { steps }, tools }: { wanted: ValueWanted; tools: TomlTools },
): string | undefined {
  const entries = tomlEntries(old);
  const holder = entries.find(({ kind, path }) => kind === 'value' && leads(path, steps));
  if (holder) {
    if (/#/.test(old.slice(holder.valueStart, holder.valueEnd)) && holder.path.length < steps.length) return undefined;
    const value = inline(holder.path.reduce<unknown>(at, after) as Value, tools);
    return old.slice(0, holder.valueStart) + value + old.slice(holder.valueEnd);
  }
  const parent = steps.slice(0, -1);
  const line = `${key(steps.at(-1) as string)} = ${inline(steps.reduce<unknown>(at, after) as Value, tools)}\n`;
  const place = endOf(entries, parent);
  if (place !== undefined)
    return `${ended(old.slice(0, place))}${line}${place === 0 && old !== '' && entries[0]?.kind === 'table' ? '\n' : ''}${old.slice(place)}`;
  const gap = old.trim() === '' ? '' : '\n';
  return `${ended(old)}${gap}[${parent.map(key).join('.')}]\n${line}`;
}

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** Behind the last line of a table; of the top level: before the first header. undefined: there is no such table. */
function endOf(entries: readonly TomlEntry[], path: readonly string[]): number | undefined {
  const header =
    path.length === 0 ? -1 : entries.findIndex(({ kind, path: own }) => kind === 'table' && isSame(own, path));
  if (header === -1 && path.length > 0) return undefined;
  let end = header === -1 ? 0 : (entries[header] as TomlEntry).end;
  for (const entry of entries.slice(header + 1)) {
    if (entry.kind === 'table') break;
    end = entry.end;
  }
  return end;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && leads(one, other);

/** The text without an entry, or without a table and those below it. */
function without(old: string, steps: readonly string[]): string | undefined {
  const entries = tomlEntries(old);
  const gone = entries.filter(({ path }) => leads(steps, path));
  if (gone.length === 0) return undefined;
  let made = old;
  for (const { start, end } of gone.reverse()) made = made.slice(0, start) + made.slice(end);
  return made;
}

const key = (name: string): string => (/^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name));

/** A value on one line. */
function inline(value: unknown, tools: TomlTools): string {
  if (Array.isArray(value)) return `[${value.map((item) => inline(item, tools)).join(', ')}]`;
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    const members = Object.entries(value).map(([name, each]) => `${key(name)} = ${inline(each, tools)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return tools.stringify({ v: value }).trim().slice('v = '.length);
}
