import { aggregateSql } from '../aggregates.ts';
import { stepFault } from '../fault.ts';
import { isNumeric, kindOf, literal, namesOf, numbered, quoted, ROW } from '../sql.ts';
import type { Build, Tools } from '../step.ts';

/** Steps that turn rows into columns and back. */

/** More columns than this are a mistake: the wrong column was named. */
const MOST = 1000;

/** A column for each value of one column, in their order; a row for each of `index`. */
export const pivot: Build = async (step, tools) => {
  const { pivot: name = '', values, index, fill_value } = step;
  const column = tools.column(name, ['pivot']);
  const keys = tools.columns(index, ['index']);
  const counts = step.function === 'count' && values === undefined;
  const measures = counts ? [undefined] : namesOf(values);
  if (measures.length === 0)
    throw stepFault('pivot needs values: the column whose values go into the new columns', ['pivot']);
  const found = await tools.texts(
    `SELECT CAST(v AS VARCHAR) FROM (SELECT DISTINCT ${column} AS v FROM ${tools.input.name} WHERE ${column} IS NOT NULL LIMIT ${MOST + 1}) ORDER BY v`,
  );
  if (found.length > MOST)
    throw stepFault(`"${name}" has more than ${MOST} values, which would be as many columns`, ['pivot']);
  const filler = fill_value === undefined ? undefined : await tools.bind(fill_value);
  const parts: string[] = [];
  for (const measure of measures) {
    const short = { name: step.function ?? 'mean', ...(measure !== undefined && { column: measure }) };
    const aggregate = aggregateSql(short, tools, [measure === undefined ? 'function' : 'values']);
    if (aggregate === undefined) throw stepFault(`there is no function "${short.name}"`, ['function']);
    for (const value of found) {
      const filtered = withFilter(aggregate, `CAST(${column} AS VARCHAR) = ${await tools.bind(value)}`);
      const title = measures.length > 1 ? `${measure}_${value}` : value;
      parts.push(`${filler === undefined ? filtered : `coalesce(${filtered}, ${filler})`} AS ${quoted(title)}`);
    }
  }
  const by =
    keys.length > 0 ? `GROUP BY ${keys.join(', ')} ORDER BY ${keys.map((key) => `${key} NULLS LAST`).join(', ')}` : '';
  const all = [...keys, ...parts];
  if (all.length === 0) throw stepFault(`"${name}" has no values`, ['pivot']);
  return `SELECT ${all.join(', ')} FROM ${numbered(tools.input)} ${by}`;
};

/** The aggregate over some rows only: its filter goes behind the call, which is all of it or the inside of a cast and a default. A cell without rows is empty. */
function withFilter(aggregate: string, condition: string): string {
  const bare = /^coalesce\((.*), 0\)$/.exec(aggregate)?.[1] ?? aggregate;
  const inner = /^CAST\((.*) AS BIGINT\)$/.exec(bare)?.[1];
  const filter = ` FILTER (WHERE ${condition})`;
  return inner === undefined ? `${bare}${filter}` : `CAST(${inner}${filter} AS BIGINT)`;
}

/** A row for each of some columns: its name and its value. All rows of the first column come first. */
export const unpivot: Build = ({ unpivot: names, index, names_to = 'variable', values_to = 'value' }, tools) => {
  const kept = tools.columns(index, ['index']);
  const wanted = namesOf(names);
  const chosen =
    wanted.length > 0
      ? wanted
      : tools.input.columns.map(({ name }) => name).filter((name) => !kept.includes(quoted(name)));
  const ids =
    index === undefined
      ? tools.input.columns
          .map(({ name }) => name)
          .filter((name) => !chosen.includes(name))
          .map(quoted)
      : kept;
  const columns = chosen.map((name) => ({ name, sql: tools.column(name, ['unpivot']) }));
  const value = oneKind(tools, chosen);
  const parts = columns.map(
    ({ name, sql }) =>
      `SELECT ${[...ids, `${literal(name)} AS ${quoted(names_to)}`, `${value(sql)} AS ${quoted(values_to)}`].join(', ')} FROM ${tools.input.name}`,
  );
  return parts.join(' UNION ALL ');
};

/** A column for each row, which is called by the value of one column, and a row for each of the other columns. */
export const transpose: Build = async ({ transpose: name = '', names_to = 'column' }, tools) => {
  const title = tools.column(name, ['transpose']);
  const titles = await tools.texts(`SELECT CAST(${title} AS VARCHAR) FROM ${tools.input.name} LIMIT ${MOST + 1}`);
  if (titles.length > MOST) throw stepFault(`more than ${MOST} rows would be as many columns`, ['transpose']);
  // The database takes names that differ only in case for one.
  const taken = [names_to, ...titles].map((each) => each.toLowerCase());
  const twice = titles.find((one, i) => one === 'null' || taken.indexOf(one.toLowerCase()) !== i + 1);
  if (twice !== undefined) {
    const why = twice === 'null' ? `"${name}" is empty in a row` : `two columns would be called "${twice}"`;
    throw stepFault(why, ['transpose']);
  }
  const others = tools.input.columns.map((column) => column.name).filter((each) => each !== name);
  if (others.length === 0) throw stepFault('no other column is there', ['transpose']);
  const value = oneKind(tools, others);
  const parts = others.map((each) => {
    const cells = titles.map(
      (one, i) => `any_value(${value(quoted(each))}) FILTER (WHERE ${ROW} = ${i + 1}) AS ${quoted(one)}`,
    );
    return `SELECT ${[`${literal(each)} AS ${quoted(names_to)}`, ...cells].join(', ')} FROM ${numbered(tools.input)}`;
  });
  return parts.join(' UNION ALL ');
};

/** How values of some columns become values of one: as text where they are of several kinds. */
function oneKind({ input }: Tools, names: readonly string[]): (sql: string) => string {
  const kinds = input.columns
    .filter(({ name }) => names.includes(name))
    .map((column) => (isNumeric(column) ? 'numbers' : kindOf(column)));
  return (sql) => (new Set(kinds).size > 1 ? `CAST(${sql} AS VARCHAR)` : sql);
}
