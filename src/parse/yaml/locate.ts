import { isAlias, isMap, isSeq, type ParsedNode, type YAMLMap } from 'yaml';
import type { Located, Side, Span } from '../../model/span.ts';
import type { Value } from '../../model/value.ts';
import { isMergeKey, keyText, nodeSpan, type Targets } from './build.ts';

/** Finds places in a syntax tree by path, through aliases and merge keys. Mappings are indexed when they are first asked. */
export function locator(
  file: string,
  text: string,
  root: ParsedNode | null,
  targets: Targets,
): Located<Value>['locate'] {
  const indexes = new WeakMap<YAMLMap.Parsed, Map<string, Entry>>();

  const indexOf = (map: YAMLMap.Parsed): Map<string, Entry> => {
    const known = indexes.get(map);
    if (known) return known;
    const index = new Map<string, Entry>();
    const merged: ParsedNode[] = [];
    for (const pair of map.items) {
      if (isMergeKey(pair.key)) {
        if (pair.value) merged.push(pair.value);
        continue;
      }
      const name = keyText(pair.key);
      if (name !== undefined && !index.has(name)) index.set(name, { key: pair.key, value: pair.value });
    }
    indexes.set(map, index);
    for (const source of merged.flatMap((node) => mergedMaps(node, targets))) {
      for (const [name, entry] of indexOf(source)) if (!index.has(name)) index.set(name, entry);
    }
    return index;
  };

  return (path: readonly (string | number)[] = [], side: Side = 'value'): Span => {
    let here: Span = root ? nodeSpan(file, text, root) : { file, start: 0, end: 0 };
    let node = root;
    for (const [depth, step] of path.entries()) {
      const parent: ParsedNode | null = node && behind(node, targets);
      const last = depth === path.length - 1;
      if (isMap(parent)) {
        const entry = indexOf(parent).get(String(step));
        if (!entry) return here;
        here = nodeSpan(file, text, (last && side === 'key') || !entry.value ? entry.key : entry.value);
        node = entry.value;
      } else if (isSeq(parent)) {
        const item: ParsedNode | undefined = parent.items[Number(step)];
        if (!item) return here;
        here = nodeSpan(file, text, item);
        node = item;
      } else return here;
    }
    return here;
  };
}

interface Entry {
  key: ParsedNode;
  value: ParsedNode | null;
}

function behind(node: ParsedNode, targets: Targets): ParsedNode {
  return isAlias(node) ? (targets.get(node) ?? node) : node;
}

function mergedMaps(node: ParsedNode, targets: Targets): YAMLMap.Parsed[] {
  const target = behind(node, targets);
  if (isMap(target)) return [target];
  return isSeq(target) ? target.items.flatMap((item) => mergedMaps(item, targets)) : [];
}
