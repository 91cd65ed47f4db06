import type { Fields, Value } from '../../model/value.ts';
import { badArgs } from './args.ts';

/** Values for the places of a query: `%s` takes the next one, `%(name)s` the one of this name. */
export interface SqlArguments {
  positional?: readonly Value[];
  named?: Fields;
}

/**
 * A query with its values in their places, written so that none of them can be anything but a value. Without values it stays as it is;
 * with some, `%%` is a percent sign.
 */
export function fillQuery(
  module: string,
  query: string,
  { args: { positional, named }, literal }: { args: SqlArguments; literal: (value: Value) => string },
): string {
  if (positional === undefined && named === undefined) return query;
  let next = 0;
  const filled = query.replace(/%(?:%|s|\(([^)]*)\)s)/g, (mark, name: string | undefined) => {
    if (mark === '%%') return '%';
    const value = name === undefined ? positional?.[next++] : named?.[name];
    if (value === undefined)
      throw badArgs(
        module,
        name === undefined
          ? `query has more %s than positional_args has values`
          : `query has %(${name})s, and named_args has no ${name}`,
      );
    return literal(value);
  });
  if (positional !== undefined && next < positional.length)
    throw badArgs(module, `query has ${next} %s, and positional_args has ${positional.length} values`);
  return filled;
}

/** Statements that begin so only look. */
const looking = /^(select|show|explain|describe|desc|values|table|with)\b/i;
const changing = /\b(insert|update|delete|merge|replace|into|for\s+update)\b/i;

/** Whether a query only looks, as far as its words tell: what is not sure may change something. Text in quotes and remarks do not count. */
export function onlyLooks(query: string): boolean {
  const bare = query
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"|`[^`]*`/g, "''");
  const statements = bare
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean);
  // EXPLAIN ANALYZE runs what it explains.
  return statements.every((part) => looking.test(part) && !changing.test(part));
}
