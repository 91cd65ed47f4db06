import type { SchemaIssue } from '../model/schema-issue.ts';
import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Context, isFields } from './context.ts';
import { valueAt } from './paths.ts';

/**
 * The parameters with numbers where a schema wants numbers and the author wrote one without quotes whose text had to be kept
 * (`1.0`, `007`; see scalarValue). The same object when there is none.
 */
export function withPlainNumbers(context: Context, args: Located<Fields>, issues: readonly SchemaIssue[]): Fields {
  const found = issues.flatMap((issue) => {
    const number = wantsNumber(issue) ? plainNumber(context, args, issue.path) : undefined;
    return number === undefined ? [] : [{ path: issue.path, number }];
  });
  if (found.length === 0) return args.value;
  return found.reduce<Fields>((fields, { path, number }) => {
    const changed = withValue(fields, path, number);
    return isFields(changed) ? changed : fields;
  }, args.value);
}

/** A copy in which another value stands at a path; only what lies on the path is copied. */
function withValue(root: Value, [step, ...rest]: readonly (string | number)[], value: Value): Value {
  if (step === undefined) return value;
  if (Array.isArray(root)) return root.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  if (!isFields(root)) return root;
  const copy: Fields = Object.assign(Object.create(null), root);
  copy[step] = withValue(root[step] ?? null, rest, value);
  return copy;
}

function wantsNumber(issue: SchemaIssue): boolean {
  const types = [issue.params['type']].flat();
  return issue.keyword === 'type' && types.some((type) => type === 'number' || type === 'integer');
}

function plainNumber(context: Context, args: Located<Fields>, path: readonly (string | number)[]): number | undefined {
  const text = valueAt(args.value, path);
  if (typeof text !== 'string' || !/^[-+]?[0-9]+(?:\.[0-9]+)?$/.test(text) || text.length > 15) return undefined;
  const at = args.locate(path);
  return context.sources.get(at.file)?.slice(at.start, at.end) === text ? Number(text) : undefined;
}
