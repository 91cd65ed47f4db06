import { isDeepStrictEqual } from 'node:util';
import type { Document, Node, Pair, Scalar, ToStringOptions, YAMLMap } from 'yaml';
import type { EditResult } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { noContainer, noElement, type ValueWanted } from './edit-json.ts';
import { indexOf, pointerOf } from './json-pointer.ts';
import { type LineMerge, lineMerge } from './line-merge.ts';

type Yaml = typeof import('yaml');

/** What editing YAML needs that is heavy to load. */
export interface YamlTools {
  yaml: Yaml;
  merge: LineMerge;
}

/** Loads it. */
export async function yamlTools(): Promise<YamlTools> {
  return { yaml: await import('yaml'), merge: await lineMerge() };
}

const reading = { prettyErrors: true, logLevel: 'silent' } as const;

/** Changes one value. Comments stay, and so do the lines that are not about the value. */
export function editYaml(text: string | undefined, wanted: ValueWanted, tools: YamlTools): EditResult {
  if (text === undefined && !wanted.present) return { text, fields: { msg: '' } };
  if (text === undefined && !wanted.create) return { failure: 'the file does not exist; create: true makes it' };
  const mark = text?.startsWith('\ufeff') ? '\ufeff' : '';
  const returns = text?.includes('\r\n') ?? false;
  const old = (text ?? '').slice(mark.length).replaceAll('\r\n', '\n');
  const documents = read(old, tools);
  if (typeof documents === 'string') return { failure: documents };
  const { doc, plain } = documents;
  try {
    const done = wanted.present ? set(doc, wanted, tools) : remove(doc, wanted, tools);
    if (typeof done === 'string') return { failure: done };
    if (!done) return { text, fields: { msg: '' } };
    const written = write(doc, plain, old, tools);
    const made = returns ? written.replaceAll('\n', '\r\n') : written;
    return { text: mark + made, fields: { msg: wanted.present ? 'value set' : 'value removed' } };
  } catch (error) {
    // An anchor that went while an alias of it stayed, or aliases without end.
    return { failure: `the file cannot be edited: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The file's one document, twice: to be edited, and as it was. */
function read(text: string, { yaml }: YamlTools): { doc: Document; plain: Document } | string {
  const all = yaml.parseAllDocuments(text, reading);
  if (all.length > 1) return `the file holds ${all.length} documents; only a single one can be edited`;
  // Comments alone are no document, and yet are to stay.
  const doc = (all[0] ?? yaml.parseDocument(text, reading)) as Document;
  const [error] = doc.errors;
  if (error === undefined) return { doc, plain: yaml.parseDocument(text, reading) as Document };
  const [at] = error.linePos ?? [];
  const place = at === undefined ? '' : ` line ${at.line}, column ${at.col}:`;
  return `the file is not YAML:${place} ${error.message.split(/ at line \d+|\n/)[0]}`;
}

/** What the library writes otherwise than the author stays as the author wrote it, where that says the same. Throws its errors. */
function write(doc: Document, plain: Document, old: string, { yaml, merge }: YamlTools): string {
  const style = styleOf(old);
  const made = doc.toString(style);
  if (old === '') return made;
  const merged = merge({ base: plain.toString(style), theirs: old, ours: made });
  const check = yaml.parseDocument(merged, { logLevel: 'silent' });
  const same = check.errors.length === 0 && isDeepStrictEqual(check.toJS(), yaml.parseDocument(made).toJS());
  return same ? merged : made;
}

function set(doc: Document, { steps, value = null }: ValueWanted, { yaml }: YamlTools): boolean | string {
  if (doc.contents === null || (yaml.isScalar(doc.contents) && doc.contents.value === null)) {
    return setRoot(doc, newNode(doc, nest(steps, value), yaml));
  }
  let node: unknown = doc.contents;
  for (const [i, step] of steps.entries()) {
    const here = steps.slice(0, i);
    const rest = steps.slice(i + 1);
    const last = rest.length === 0;
    if (yaml.isAlias(node)) return `${pointerOf(here)} is *${node.source}, an alias; edit what it stands for`;
    if (yaml.isMap(node)) {
      const pair = pairOf(node, step);
      const empty = !last && pair !== undefined && isNothing(pair.value);
      if (pair === undefined) {
        node.add(doc.createPair(step, newNode(doc, nest(rest, value), yaml)));
        return true;
      }
      if (last || empty) return assign(doc, { pair, value: empty ? nest(rest, value) : value, yaml });
      node = pair.value;
    } else if (yaml.isSeq(node)) {
      if (step === '-' && node.items.some((item) => same(doc, item, value))) return false;
      const index = step === '-' ? node.items.length : indexOf(step);
      if (index === undefined || index > node.items.length) return noElement([...here, step], node.items.length);
      if (index === node.items.length) {
        node.add(newNode(doc, nest(rest, value), yaml));
        return true;
      }
      if (last) {
        if (same(doc, node.items[index], value)) return false;
        node.items[index] = successor(node.items[index], newNode(doc, value, yaml));
        return true;
      }
      node = node.items[index];
    } else return noContainer(here);
  }
  return false;

  function isNothing(found: unknown): boolean {
    return found === null || (yaml.isScalar(found) && found.value === null);
  }
}

function setRoot(doc: Document, node: Node): true {
  const { comment } = doc.contents ?? {};
  doc.contents = node;
  if (comment) doc.commentBefore = [doc.commentBefore, comment].filter(Boolean).join('\n');
  return true;
}

function assign(doc: Document, { pair, value, yaml }: { pair: Pair; value: Value; yaml: Yaml }): boolean {
  if (same(doc, pair.value, value)) return false;
  pair.value = successor(pair.value, newNode(doc, value, yaml));
  return true;
}

/** A node for a value. Text that readers of YAML 1.1 take for something else (`on`, `22:22`) is put in quotes. */
function newNode(doc: Document, value: Value, yaml: Yaml): Node {
  const node = doc.createNode(value) as Node;
  yaml.visit(node, {
    Scalar(key, scalar) {
      const { value: text } = scalar;
      if (key === 'key' || typeof text !== 'string' || !/^[\w.:+-]{1,40}$/.test(text)) return;
      const read = yaml.parseDocument(text, { version: '1.1', logLevel: 'silent' }).toJS();
      if (typeof read !== 'string') scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return node;
}

/** The node with the comments, the name and the kind of quotes that the one before it had. */
function successor(before: unknown, node: Node): Node {
  const old = before as (Partial<Scalar> & { type?: string }) | null;
  if (old === null) return node;
  const isText = typeof old.value === 'string' && typeof (node as Scalar).value === 'string';
  return Object.assign(node, {
    ...(old.comment && { comment: old.comment }),
    ...(old.commentBefore && { commentBefore: old.commentBefore }),
    ...(old.spaceBefore && { spaceBefore: true }),
    ...(old.anchor && { anchor: old.anchor }),
    ...(isText && old.type?.startsWith('QUOTE') && { type: old.type }),
  });
}

function remove(doc: Document, { steps, value }: ValueWanted, { yaml }: YamlTools): boolean | string {
  let node: unknown = doc.contents;
  for (const [i, step] of steps.entries()) {
    const last = i === steps.length - 1;
    if (yaml.isAlias(node))
      return `${pointerOf(steps.slice(0, i))} is *${node.source}, an alias; edit what it stands for`;
    if (yaml.isMap(node)) {
      const pair = pairOf(node, step);
      if (pair === undefined) return false;
      if (!last) {
        node = pair.value;
        continue;
      }
      if (value !== undefined && !same(doc, pair.value, value)) return false;
      node.items.splice(node.items.indexOf(pair), 1);
      return true;
    }
    if (!yaml.isSeq(node)) return false;
    const items = node.items;
    if (!last) {
      node = items[indexOf(step) ?? -1];
      continue;
    }
    const kept = items.filter((item, index) => {
      const named = step === '-' || indexOf(step) === index;
      return !named || (value !== undefined && !same(doc, item, value));
    });
    node.items = kept;
    return kept.length < items.length;
  }
  return false;
}

/** Names are compared as text: `8080:` is the name `8080`. */
function pairOf(map: YAMLMap, step: string): Pair | undefined {
  return map.items.findLast((pair) => {
    const key = pair.key as Partial<Scalar> | null;
    return String(key === null || key.value === undefined ? key : key.value) === step;
  });
}

function same(doc: Document, node: unknown, value: Value): boolean {
  const found = node === null ? null : (node as Node).toJS(doc);
  return isDeepStrictEqual(found, value);
}

/** The value within the mappings that are missing on the way to it; a `-` asks for a list. */
function nest(steps: readonly string[], value: Value): Value {
  return steps.reduceRight<Value>((inner, step) => (step === '-' ? [inner] : { [step]: inner }), value);
}

/** How the author indents and pads, as far as the first lines that show it tell. */
function styleOf(text: string): ToStringOptions {
  const nested = /^( *)((?:- +)*)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n( +)[^\s#-]/m.exec(text);
  const [, before = '', dashes = '', inner = ''] = nested ?? [];
  const list = /^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n( *)- /m.exec(text);
  return {
    lineWidth: 0,
    indent: Math.max(1, nested ? inner.length - before.length - dashes.length : 2),
    indentSeq: list === null || (list[2] ?? '').length > (list[1] ?? '').length,
    flowCollectionPadding: !/[{[][^\s}\]]/.test(text),
  };
}
