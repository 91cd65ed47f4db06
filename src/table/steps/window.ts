import { aggregateSql, type Short, shortFunctions, shortOf } from '../aggregates.ts';
import { stepFault } from '../fault.ts';
import { kindOf, numbered, quoted, ROW } from '../sql.ts';
import type { Build, Path, Tools } from '../step.ts';
import { orderOf } from './rows.ts';

/** What a function over rows is worked out from. */
interface Over {
  /** `PARTITION BY …`, or nothing. */
  groups: string;
  /** What the author orders by. */
  order: string[];
  rows: number | undefined;
  least: number;
}

/** Columns worked out from the rows around each: of its group, before it, or the last so many. */
export const window: Build = async ({ window: named = {}, by, order, rows, min_rows }, tools) => {
  const groups = tools.columns(by, ['by']);
  const over: Over = {
    groups: groups.length > 0 ? `PARTITION BY ${groups.join(', ')} ` : '',
    order: orderOf(order, tools, ['order']),
    rows,
    least: min_rows ?? rows ?? 1,
  };
  const parts = Object.entries(named).map(([name, text]) => {
    const path: Path = ['window', name];
    const short = shortOf(text);
    const sql = short && functionSql(short, over, tools, path);
    if (sql === undefined) {
      throw stepFault(
        `window takes a function of one column, and this is none: ${text.texts.join('{{…}}').trim()}`,
        path,
        `functions are ${[...Object.keys(moving), ...Object.keys(ranks), ...shortFunctions].join(', ')}; with OVER (…) in it, it goes into derive`,
      );
    }
    return { name, sql };
  });
  const replaced = parts.filter(({ name }) => tools.input.columns.some((column) => column.name === name));
  const star =
    replaced.length > 0
      ? `* REPLACE (${replaced.map(({ name, sql }) => `${sql} AS ${quoted(name)}`).join(', ')})`
      : '*';
  const fresh = parts.filter((part) => !replaced.includes(part)).map(({ name, sql }) => `${sql} AS ${quoted(name)}`);
  return `SELECT * EXCLUDE (${ROW}) FROM (SELECT ${[star, ...fresh].join(', ')} FROM ${numbered(tools.input)}) ORDER BY ${ROW}`;
};

/** Functions that look at rows before: of the column, the argument and the window. */
const moving: Record<string, (column: string, step: number, over: string, before: string) => string> = {
  shift: (column, step, over) => `lag(${column}, ${step}) OVER ${over}`,
  lag: (column, step, over) => `lag(${column}, ${step}) OVER ${over}`,
  lead: (column, step, over) => `lead(${column}, ${step}) OVER ${over}`,
  diff: (column, step, over) => `${column} - lag(${column}, ${step}) OVER ${over}`,
  pct_change: (column, step, over) => `CAST(${column} AS DOUBLE) / lag(${column}, ${step}) OVER ${over} - 1`,
  cumsum: (column, _, __, before) => `sum(${column}) OVER ${before}`,
  cummin: (column, _, __, before) => `min(${column}) OVER ${before}`,
  cummax: (column, _, __, before) => `max(${column}) OVER ${before}`,
  cumcount: (column, _, __, before) => `count(${column}) OVER ${before}`,
};

/** Functions of the place in the order; equal rows have one rank. */
const ranks: Record<string, (argument: number) => string> = {
  rank: () => 'rank()',
  dense_rank: () => 'dense_rank()',
  percent_rank: () => 'percent_rank()',
  ntile: (argument) => `ntile(${argument})`,
};

function functionSql(short: Short, over: Over, tools: Tools, path: Path): string | undefined {
  const { name, column, argument } = short;
  const { groups, order, rows, least } = over;
  const inOrder = [...order, ROW].join(', ');
  if (name === 'row_number') return `row_number() OVER (${groups}ORDER BY ${inOrder})`;
  const rank = ranks[name];
  if (rank) {
    if (order.length === 0) throw stepFault(`${name} needs an order`, path, 'add order: column beside window');
    return `${rank(Math.trunc(argument ?? Number(column ?? 1)))} OVER (${groups}ORDER BY ${order.join(', ')})`;
  }
  const move = moving[name];
  if (move) {
    if (column === undefined) {
      if (name === 'cumcount') return `row_number() OVER (${groups}ORDER BY ${inOrder})`;
      throw stepFault(`${name} needs a column`, path, `write ${name}(column)`);
    }
    const sql = tools.column(column, path);
    const before = `(${groups}ORDER BY ${inOrder} ROWS UNBOUNDED PRECEDING)`;
    const made = move(sql, Math.trunc(argument ?? 1), `(${groups}ORDER BY ${inOrder})`, before);
    if (!/^cum(sum|min|max)$/.test(name)) return made;
    // What is so far is empty where the value is, as in pandas.
    const kind = kindOf(tools.input.columns.find((each) => each.name === column) ?? { type: '' });
    const whole = name === 'cumsum' && kind === 'whole numbers' ? `CAST(${made} AS BIGINT)` : made;
    return `CASE WHEN ${sql} IS NOT NULL THEN ${whole} END`;
  }
  const aggregate = aggregateSql(short, tools, path);
  if (aggregate === undefined) return undefined;
  const frame =
    rows === undefined
      ? 'BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING'
      : `BETWEEN ${rows - 1} PRECEDING AND CURRENT ROW`;
  const window = `(${groups}ORDER BY ${inOrder} ROWS ${frame})`;
  const sql = overWindow(aggregate, window);
  if (rows === undefined || column === undefined) return sql;
  return `CASE WHEN count(${tools.column(column, path)}) OVER ${window} >= ${least} THEN ${sql} END`;
}

/** The aggregate over a window, which goes behind its call. Adding up in another order than Kahan's is right here: rows have an order. */
function overWindow(aggregate: string, window: string): string {
  const bare = /^coalesce\((.*), 0\)$/.exec(aggregate)?.[1];
  const inner = /^CAST\((.*) AS BIGINT\)$/.exec(bare ?? aggregate)?.[1];
  const call = (inner ?? bare ?? aggregate).replace(/^fsum\(/, 'sum(').replace(/^favg\(/, 'avg(');
  const made = inner === undefined ? `${call} OVER ${window}` : `CAST(${call} OVER ${window} AS BIGINT)`;
  return bare === undefined ? made : `coalesce(${made}, 0)`;
}
