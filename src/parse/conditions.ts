import type { Condition } from '../model/playbook.ts';
import type { Located, Span } from '../model/span.ts';
import { type Context, type Entries, report } from './context.ts';
import { describe } from './describe.ts';
import { wrong } from './read.ts';

/** A condition, or a list of which all must hold. `true` and `false` are conditions too. Nothing is evaluated here. */
export function readConditions(context: Context, entries: Entries, key: string): Condition[] {
  const value = entries.value[key];
  if (value === undefined) return [];
  const list = Array.isArray(value);
  const conditions: Condition[] = [];
  for (const [index, item] of (list ? value : [value]).entries()) {
    const path = list ? [key, index] : [key];
    if (typeof item === 'boolean') conditions.push({ text: String(item), at: entries.locate(path) });
    else if (typeof item === 'string' && item.trim() !== '') {
      conditions.push({ text: item, at: textSpan(context, entries, path, item) });
    } else if (list) {
      const facts = { what: `a condition in "${key}"`, wanted: 'an expression', found: describe(item) };
      report(context, 'E_ITEM_TYPE', facts, entries.locate(path));
    } else wrong(context, entries, key, 'an expression, or a list of expressions', ADVICE);
  }
  return conditions;
}

const ADVICE = 'for example: facts.os.family == "debian"';

/**
 * Where a text stands without its quotes, when it stands there as it is; else the whole scalar, quotes and block header included,
 * through which a place inside can still be found (util/scalar-offsets).
 */
function textSpan(context: Context, parent: Located<unknown>, path: (string | number)[], text: string): Span {
  const at = parent.locate(path);
  const source = context.sources.get(at.file)?.slice(at.start, at.end);
  if (source === undefined || source.slice(1, -1) !== text || !/^["']/.test(source)) return at;
  return { file: at.file, start: at.start + 1, end: at.end - 1 };
}
