import type { Fields, Value } from '../model/value.ts';
import { type Context, isFields, report } from './context.ts';
import type { Given } from './params.ts';
import { pathText } from './paths.ts';

/** Whether a text may leave out what it stands for: it reads `omit`, which is not a call of the function of that name. */
export function mayBeOmitted(value: Value | undefined): boolean {
  if (typeof value !== 'string') return false;
  const [whole] = /^\s*\{\{.*\}\}\s*$/s.exec(value) ?? [];
  return whole !== undefined && /\bomit\b(?!\s*\()/.test(whole.replace(/"[^"]*"|'[^']*'/g, ''));
}

/** Reports needed parameters that a text may leave out. */
export async function reportLeftOut(context: Context, { module, args }: Given): Promise<void> {
  const left = without(args.value);
  if (left === args.value) return;
  for (const issue of await context.validate(module, left)) {
    if (issue.keyword !== 'required') continue;
    const path = [...issue.path, String(issue.params['missingProperty'])];
    const value = path.reduce<Value | undefined>((of, key) => (of as Fields | undefined)?.[key], args.value);
    if (mayBeOmitted(value))
      report(context, 'E_OMIT_NEEDED', { owner: module.name, param: pathText(path) }, args.locate(path));
  }
}

/** Without the keys that may be left out; the same object when there are none. Lists keep their places. */
function without<T extends Value>(value: T): T {
  if (Array.isArray(value)) {
    const items = value.map(without);
    return items.every((item, i) => item === value[i]) ? value : (items as T);
  }
  if (!isFields(value)) return value;
  const entries = Object.entries(value);
  const kept = entries.flatMap(([key, item]): [string, Value][] => (mayBeOmitted(item) ? [] : [[key, without(item)]]));
  const isSame = kept.length === entries.length && kept.every(([key, item]) => item === value[key]);
  return isSame ? value : (Object.fromEntries(kept) as T);
}
