import { stepFault } from '../fault.ts';
import { isNumeric, kindOf, namesOf, numbered, quoted, ROW } from '../sql.ts';
import type { Build, Names, Path, Tools } from '../step.ts';

/** Steps that leave rows out or bring them into an order. */

/** The rows for which an expression is true. */
export const filter: Build = async ({ filter: text = { texts: ['true'], values: [] } }, tools) =>
  `SELECT * FROM ${tools.input.name} WHERE ${await tools.expression(text)}`;

/** By columns, `-` before one turns it round; what is empty comes last, equal rows stay as they were. */
export const sort: Build = ({ sort: names }, tools) =>
  `SELECT * EXCLUDE (${ROW}) FROM ${numbered(tools.input)} ORDER BY ${[...orderOf(names, tools, ['sort']), ROW].join(', ')}`;

/** The terms of ORDER BY for names of columns. */
export function orderOf(names: Names | undefined, tools: Tools, path: Path): string[] {
  return namesOf(names).map((name) => {
    const isDown = name.startsWith('-') && !tools.input.columns.some((column) => column.name === name);
    return `${tools.column(isDown ? name.slice(1) : name, path)} ${isDown ? 'DESC' : 'ASC'} NULLS LAST`;
  });
}

/** One row of those that are equal, in all columns or in some. */
export const distinct: Build = ({ distinct: by, keep = 'first' }, tools) => {
  const names = typeof by === 'boolean' ? undefined : by;
  const columns = names === undefined ? all(tools) : tools.columns(names, ['distinct']);
  const order = keep === 'first' ? 'ASC' : 'DESC';
  return `SELECT * EXCLUDE (${ROW}) FROM ${numbered(tools.input)}
    QUALIFY row_number() OVER (PARTITION BY ${columns.join(', ')} ORDER BY ${ROW} ${order}) = 1 ORDER BY ${ROW}`;
};

/** Rows that have everything, in all columns or in some. */
export const dropEmpty: Build = ({ drop_empty: by }, tools) => {
  const columns = typeof by === 'boolean' ? all(tools) : tools.columns(by, ['drop_empty']);
  return `SELECT * FROM ${tools.input.name} WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')}`;
};

const all = ({ input }: Tools): string[] => input.columns.map(({ name }) => quoted(name));

/** The first rows. */
export const head: Build = ({ head: count = 0 }, { input }) => `SELECT * FROM ${input.name} LIMIT ${count}`;

/** All but the first rows. */
export const skip: Build = ({ skip: count = 0 }, { input }) => `SELECT * FROM ${input.name} OFFSET ${count}`;

/** The last rows, in their order. */
export const tail: Build = ({ tail: count = 0 }, { input }) =>
  `SELECT * EXCLUDE (${ROW}) FROM (SELECT * FROM ${numbered(input)} ORDER BY ${ROW} DESC LIMIT ${count}) ORDER BY ${ROW}`;

/** Some rows by chance, in their order: a number of them, or a share below 1. The same seed gives the same rows. */
export const sample: Build = ({ sample: size = 0, seed = 0 }, { input }) => {
  const count = size < 1 ? `(SELECT CAST(round(count(*) * ${size}) AS BIGINT) FROM ${input.name})` : `${size}`;
  const chance = `md5(concat(${ROW}, ' ', ${Math.trunc(seed)}))`;
  return `SELECT * EXCLUDE (${ROW}) FROM ${numbered(input)}
    QUALIFY row_number() OVER (ORDER BY ${chance}, ${ROW}) <= ${count} ORDER BY ${ROW}`;
};

/** Values where there are none: one for a column, one for all columns of its kind, or the last or next one that is there. */
export const fill: Build = async ({ fill: what = null, method, by }, tools) => {
  if (method !== undefined) return spread(tools, { what, method, by });
  if (typeof what === 'object' && what !== null && !Array.isArray(what)) {
    const parts: string[] = [];
    for (const [name, value] of Object.entries(what)) {
      const column = tools.column(name, ['fill', name]);
      parts.push(`coalesce(${column}, ${await tools.bind(value)}) AS ${column}`);
    }
    return `SELECT * REPLACE (${parts.join(', ')}) FROM ${tools.input.name}`;
  }
  if (Array.isArray(what))
    throw stepFault('fill has names and no values', ['fill'], 'write fill: {column: value}, or add method: down');
  const fits = tools.input.columns.filter((column) =>
    typeof what === 'number'
      ? isNumeric(column)
      : kindOf(column) === (typeof what === 'string' ? 'text' : 'true and false'),
  );
  if (fits.length === 0) return `SELECT * FROM ${tools.input.name}`;
  const value = await tools.bind(what);
  const parts = fits.map(({ name }) => `coalesce(${quoted(name)}, ${value}) AS ${quoted(name)}`);
  return `SELECT * REPLACE (${parts.join(', ')}) FROM ${tools.input.name}`;
};

function spread(
  tools: Tools,
  { what, method, by }: { what: unknown; method: 'down' | 'up'; by: Names | undefined },
): string {
  if (typeof what !== 'string' && !Array.isArray(what)) {
    throw stepFault('fill with a method takes names of columns', ['fill'], 'write fill: [column]');
  }
  const groups = tools.columns(by, ['by']);
  const window = `(${groups.length > 0 ? `PARTITION BY ${groups.join(', ')} ` : ''}ORDER BY ${ROW} ROWS BETWEEN ${
    method === 'down' ? 'UNBOUNDED PRECEDING AND CURRENT ROW' : 'CURRENT ROW AND UNBOUNDED FOLLOWING'
  })`;
  const pick = method === 'down' ? 'last_value' : 'first_value';
  const parts = tools
    .columns(what as Names, ['fill'])
    .map((column) => `${pick}(${column} IGNORE NULLS) OVER ${window} AS ${column}`);
  return `SELECT * EXCLUDE (${ROW}) FROM (SELECT * REPLACE (${parts.join(', ')}) FROM ${numbered(tools.input)}) ORDER BY ${ROW}`;
}
