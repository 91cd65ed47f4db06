import { columnFault, stepFault } from '../fault.ts';
import { kindOf, literal, quoted } from '../sql.ts';
import type { Build, Column, Path } from '../step.ts';
import { castTo } from '../types.ts';

/** Steps that change columns. */

/** These columns, in this order. */
export const select: Build = ({ select: names }, tools) =>
  `SELECT ${tools.columns(names, ['select']).join(', ')} FROM ${tools.input.name}`;

/** All but these columns. */
export const drop: Build = ({ drop: names }, tools) => {
  const gone = tools.columns(names, ['drop']);
  if (gone.length === tools.input.columns.length) throw stepFault('no column is left', ['drop']);
  return `SELECT * EXCLUDE (${gone.join(', ')}) FROM ${tools.input.name}`;
};

/** Other names: old → new. */
export const rename: Build = ({ rename: names = {} }, tools) => {
  for (const old of Object.keys(names)) tools.column(old, ['rename', old]);
  const seen = new Set<string>();
  const parts = tools.input.columns.map(({ name }) => {
    const fresh = Object.hasOwn(names, name) ? String(names[name]) : name;
    if (seen.has(fresh.toLowerCase())) throw stepFault(`two columns would be called "${fresh}"`, ['rename']);
    seen.add(fresh.toLowerCase());
    return `${quoted(name)} AS ${quoted(fresh)}`;
  });
  return `SELECT ${parts.join(', ')} FROM ${tools.input.name}`;
};

/** Columns that are worked out; one that is there is replaced. */
export const derive: Build = async ({ derive: named = {} }, tools) => {
  const parts: string[] = [];
  const replaced: string[] = [];
  for (const [name, text] of Object.entries(named)) {
    const isThere = tools.input.columns.some((column) => column.name === name);
    (isThere ? replaced : parts).push(`${await tools.expression(text)} AS ${quoted(name)}`);
  }
  const star = replaced.length > 0 ? `* REPLACE (${replaced.join(', ')})` : '*';
  return `SELECT ${[star, ...parts].join(', ')} FROM ${tools.input.name}`;
};

/** Values of another kind. */
export const cast: Build = ({ cast: types = {}, invalid }, { input }) => {
  const parts = Object.entries(types).map(([name, type]) => {
    const column = found(input.columns, name, ['cast', name]);
    return `${castTo({ column, type, isLenient: invalid === 'empty', path: ['cast', name] })} AS ${quoted(name)}`;
  });
  return `SELECT * REPLACE (${parts.join(', ')}) FROM ${input.name}`;
};

/** Texts and numbers that are points in time; always in UTC. */
export const dates: Build = ({ dates: formats = {}, invalid }, { input }) => {
  const parts = Object.entries(formats).map(([name, format]) => {
    const column = found(input.columns, name, ['dates', name]);
    const sql = quoted(name);
    const make = dateSql(sql, { format, column, isLenient: invalid === 'empty', path: ['dates', name] });
    return `${make} AS ${sql}`;
  });
  return `SELECT * REPLACE (${parts.join(', ')}) FROM ${input.name}`;
};

function found(columns: readonly Column[], name: string, path: Path): Column {
  const column = columns.find((each) => each.name === name);
  if (!column) throw columnFault(name, columns, path);
  return column;
}

function dateSql(
  sql: string,
  { format, column, isLenient, path }: { format: string; column: Column; isLenient: boolean; path: Path },
): string {
  const kind = kindOf(column);
  const attempt = isLenient ? 'TRY_CAST' : 'CAST';
  if (format === 'iso') return `CAST(${attempt}(${sql} AS TIMESTAMPTZ) AS TIMESTAMP)`;
  const unit = { epoch: 1, epoch_ms: 1000 }[format];
  if (unit !== undefined) return `make_timestamp(CAST(round(${attempt}(${sql} AS DOUBLE) * ${1e6 / unit}) AS BIGINT))`;
  if (kind !== 'text') {
    throw stepFault(`"${column.name}" holds ${kind}, and a format reads text`, path, 'epoch and epoch_ms read numbers');
  }
  return `CAST(${isLenient ? 'try_strptime' : 'strptime'}(${sql}, ${literal(format)}) AS TIMESTAMP)`;
}
