import type { SqlText } from '../model/module.ts';
import { stepFault } from './fault.ts';
import { kindOf, quoted, ROW } from './sql.ts';
import type { Path, Tools } from './step.ts';

/** An aggregate in short: a function of one column, as `mean(ms)`, `p95(ms)`, `count`. */
export interface Short {
  name: string;
  /** The column; undefined: the rows themselves. */
  column?: string;
  /** What stands behind the column: the 2 of `shift(ms, 2)`. */
  argument?: number;
}

const SHORT =
  /^\s*([a-z_]+[0-9]*)\s*(?:\(\s*(?:\*|"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_]*))?\s*(?:,?\s*(-?[0-9]+(?:\.[0-9]+)?)\s*)?\))?\s*$/u;

/** Reads the short form; undefined: it is SQL of another form. */
export function shortOf({ texts }: SqlText): Short | undefined {
  const match = texts.length === 1 ? SHORT.exec(texts[0] ?? '') : null;
  if (!match) return undefined;
  const [, name = '', inQuotes, plain, argument] = match;
  const column = inQuotes?.replaceAll('""', '"') ?? plain;
  return {
    name,
    ...(column !== undefined && { column }),
    ...(argument !== undefined && { argument: Number(argument) }),
  };
}

/** What an aggregate is made of: its column in SQL, and whether that holds whole numbers. */
interface Made {
  column: string;
  isWhole: boolean;
  isReal: boolean;
}

/** Sums of whole numbers stay whole; those of others are the same whatever the order in which threads add up (Kahan's sums). */
const functions: Record<string, (made: Made) => string> = {
  sum: ({ column, isWhole, isReal }) =>
    isWhole ? `coalesce(CAST(sum(${column}) AS BIGINT), 0)` : `coalesce(${isReal ? 'fsum' : 'sum'}(${column}), 0)`,
  mean: ({ column, isReal }) => (isReal ? `favg(${column})` : `avg(${column})`),
  median: ({ column }) => `median(${column})`,
  min: ({ column }) => `min(${column})`,
  max: ({ column }) => `max(${column})`,
  std: ({ column }) => `stddev_samp(${column})`,
  var: ({ column }) => `var_samp(${column})`,
  first: ({ column }) => `arg_min(${column}, ${ROW})`,
  last: ({ column }) => `arg_max(${column}, ${ROW})`,
  nunique: ({ column }) => `count(DISTINCT ${column})`,
  list: ({ column }) => `list(${column} ORDER BY ${ROW})`,
  unique: ({ column }) => `list_sort(list_distinct(list(${column})))`,
  mode: ({ column }) => `mode(${column} ORDER BY ${ROW})`,
  any: ({ column }) => `bool_or(${column})`,
  all: ({ column }) => `bool_and(${column})`,
};
const alike: Record<string, string> = {
  avg: 'mean',
  size: 'count',
  count_distinct: 'nunique',
  stddev: 'std',
  variance: 'var',
};

/** The functions of short forms, for people. */
export const shortFunctions = ['count', ...Object.keys(functions), 'p95', 'quantile(column, 0.95)'];

/**
 * A short form in SQL; it may name the number of the row (ROW). Undefined: no function of ours, so it is SQL. Functions on numbers take no
 * other column: pandas and SQL differ in what they would make of it.
 */
export function aggregateSql({ name, column, argument }: Short, tools: Tools, path: Path): string | undefined {
  const wanted = alike[name] ?? name;
  if (wanted === 'count') return `count(${column === undefined ? ROW : tools.column(column, path)})`;
  const share =
    wanted === 'quantile' ? argument : /^p[0-9]{1,2}$/.test(wanted) ? Number(wanted.slice(1)) / 100 : undefined;
  const make = functions[wanted];
  if (!make && share === undefined) return undefined;
  if (column === undefined) throw stepFault(`${name} needs a column`, path, `write ${name}(column)`);
  const sql = tools.column(column, path);
  const kind = kindOf(tools.input.columns.find((each) => each.name === column) ?? { type: '' });
  const needsNumbers = share !== undefined || ['sum', 'mean', 'median', 'std', 'var'].includes(wanted);
  if (needsNumbers && (kind === 'text' || kind === 'other values')) {
    throw stepFault(
      `${name} is for numbers, and ${quoted(column)} holds ${kind}`,
      path,
      `a step before it can make numbers: cast: {${column}: number}`,
    );
  }
  const isFlag = kind === 'true and false' && needsNumbers;
  const number = isFlag ? `CAST(${sql} AS BIGINT)` : sql;
  if (share !== undefined) return `quantile_cont(${number}, ${share})`;
  return make?.({ column: number, isWhole: kind === 'whole numbers' || isFlag, isReal: kind === 'numbers' });
}

/** An aggregate as the author wrote it, short or in SQL. */
async function aggregateOf(text: SqlText, tools: Tools, path: Path): Promise<string> {
  const short = shortOf(text);
  return (short && aggregateSql(short, tools, path)) ?? (await tools.expression(text));
}

/** Aggregates with their names, ready for a SELECT; without any, the number of rows as `count`. */
export async function aggregatesOf(named: Record<string, SqlText> | undefined, tools: Tools): Promise<string[]> {
  const made: string[] = [];
  for (const [name, text] of Object.entries(named ?? { count: { texts: ['count'], values: [] } })) {
    made.push(`${await aggregateOf(text, tools, ['aggregate', name])} AS ${quoted(name)}`);
  }
  return made;
}
