import { aggregatesOf } from '../aggregates.ts';
import { isNumeric, kindOf, numbered, quoted, ROW } from '../sql.ts';
import type { Build } from '../step.ts';

/** Steps that make one row of several. */

/** One row for all that are equal in some columns, sorted by these. */
export const group: Build = async ({ group: names, aggregate }, tools) => {
  const keys = tools.columns(names, ['group']);
  const parts = [...keys, ...(await aggregatesOf(aggregate, tools))];
  const order = keys.map((key) => `${key} NULLS LAST`).join(', ');
  const by = keys.length > 0 ? `GROUP BY ${keys.join(', ')} ORDER BY ${order}` : '';
  // Numbering the rows takes time, and only some aggregates ask for their order.
  const rows = parts.some((part) => part.replace(`count(${ROW})`, '').includes(ROW));
  const from = rows ? numbered(tools.input) : tools.input.name;
  const made = rows ? parts : parts.map((part) => part.replace(`count(${ROW})`, 'count(*)'));
  return `SELECT ${made.join(', ')} FROM ${from} ${by}`;
};

/** How often each value is there, the commonest first. */
export const valueCounts: Build = ({ value_counts: names, normalize }, tools) => {
  const keys = tools.columns(names, ['value_counts']).join(', ');
  const share = normalize ? ', count(*) / sum(count(*)) OVER () AS share' : '';
  return `SELECT * EXCLUDE (${ROW}) FROM (SELECT ${keys}, count(*) AS "count"${share}, min(${ROW}) AS ${ROW}
    FROM ${numbered(tools.input)} GROUP BY ${keys}) ORDER BY "count" DESC, ${ROW}`;
};

/** One row for each column, with what can be said of its values. */
export const describe: Build = (_, { input }) => {
  const rows = input.columns.map((column, i) => {
    const { name } = column;
    const sql = quoted(name);
    const number = (text: string): string => (isNumeric(column) ? `CAST(${text} AS DOUBLE)` : 'CAST(NULL AS DOUBLE)');
    const text = (of: string): string => (isNumeric(column) ? 'NULL' : `CAST(${of} AS VARCHAR)`);
    const parts = [
      `${i} AS ${ROW}`,
      `'${name.replaceAll("'", "''")}' AS "column"`,
      `'${kindOf(column)}' AS "type"`,
      `count(${sql}) AS "count"`,
      `count(*) - count(${sql}) AS "empty"`,
      `count(DISTINCT ${sql}) AS "unique"`,
      `${number(`avg(${isNumeric(column) ? sql : 0})`)} AS "mean"`,
      `${number(`stddev_samp(${isNumeric(column) ? sql : 0})`)} AS "std"`,
      `${number(`min(${sql})`)} AS "min"`,
      ...[25, 50, 75].map((p) => `${number(`quantile_cont(${isNumeric(column) ? sql : 0}, ${p / 100})`)} AS "${p}%"`),
      `${number(`max(${sql})`)} AS "max"`,
      `${text(`min(${sql})`)} AS "first"`,
      `${text(`max(${sql})`)} AS "last"`,
    ];
    return `SELECT ${parts.join(', ')} FROM ${input.name}`;
  });
  return `SELECT * EXCLUDE (${ROW}) FROM (${rows.join(' UNION ALL ')}) ORDER BY ${ROW}`;
};
