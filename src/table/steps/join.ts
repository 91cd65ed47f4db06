import { stepFault } from '../fault.ts';
import { isNumeric, kindOf, namesOf, numbered, quoted, ROW } from '../sql.ts';
import type { Build, Column, Relation, Step, Tools } from '../step.ts';

/** Steps that bring tables together. */

/** The rows of another table beside those that fit, in the order of the left one. Empty keys fit nothing. */
export const join: Build = async (step, tools) => {
  const { join: name = '', how = 'inner', suffixes = ['_x', '_y'] } = step;
  if (step.by !== undefined && how !== 'asof') {
    throw stepFault('by is for how: asof', ['by'], 'columns that have to be equal stand under on');
  }
  const right = await tools.table(name, ['join']);
  if (how === 'cross') return crossed(tools.input, right, suffixes);
  if (how === 'asof') return latest(step, tools, right);
  const pairs = pairsOf(step, tools, { right });
  const fits = pairs.map(([left, other]) => `l.${quoted(left.name)} = r.${quoted(other.name)}`).join(' AND ');
  if (how === 'semi' || how === 'anti') {
    const not = how === 'anti' ? 'NOT ' : '';
    return `SELECT * EXCLUDE (${ROW}) FROM ${numbered(tools.input)} l
      WHERE ${not}EXISTS (SELECT 1 FROM ${right.name} r WHERE ${fits}) ORDER BY ${ROW}`;
  }
  const shared = pairs.filter(([left, other]) => left.name === other.name).map(([left]) => left.name);
  const parts = besides(tools.input, right, { shared, suffixes, key: (key) => keySql(key, how) });
  const words = { inner: 'INNER', left: 'LEFT', right: 'RIGHT', outer: 'FULL' }[how];
  const rows = how === 'right' ? ['r', 'l'] : ['l', 'r'];
  const keys =
    how === 'outer'
      ? pairs.map(([left, other]) => `coalesce(l.${quoted(left.name)}, r.${quoted(other.name)}) NULLS LAST`)
      : [];
  const order = [...keys, ...rows.map((side) => `${side}.${ROW} NULLS LAST`)].join(', ');
  return `SELECT ${parts.join(', ')} FROM ${numbered(tools.input)} l ${words} JOIN ${numbered(right)} r ON ${fits} ORDER BY ${order}`;
};

/** A column that both sides have is one column. */
function keySql(key: string, how: string): string {
  const name = quoted(key);
  return how === 'right' || how === 'outer' ? `coalesce(l.${name}, r.${name}) AS ${name}` : `l.${name}`;
}

/**
 * Beside each row the last one of the other table that is not later: `on` names the columns that tell the order, `by` what has to be equal.
 * Of several at one time the last one counts.
 */
function latest(step: Step, tools: Tools, right: Relation): string {
  const { on, by, suffixes = ['_x', '_y'] } = step;
  const [time, ...more] = on === undefined ? [] : pairsOf(step, tools, { right });
  if (time === undefined || more.length > 0) {
    throw stepFault('an asof join is on one column', ['on'], 'say on: time, and what has to be equal as by: host');
  }
  const equal = by === undefined ? [] : pairsOf({ ...step, on: by }, tools, { right, key: 'by' });
  const shared = [time, ...equal].filter(([left, other]) => left.name === other.name).map(([left]) => left.name);
  const parts = besides(tools.input, right, { shared, suffixes, key: (key) => `l.${quoted(key)}` });
  const same = [time, ...equal].map(([, other]) => quoted(other.name)).join(', ');
  const once = `(SELECT * FROM ${numbered(right)} QUALIFY row_number() OVER (PARTITION BY ${same} ORDER BY ${ROW} DESC) = 1)`;
  const fits = [
    ...equal.map(([left, other]) => `l.${quoted(left.name)} = r.${quoted(other.name)}`),
    `l.${quoted(time[0].name)} >= r.${quoted(time[1].name)}`,
  ];
  return `SELECT ${parts.join(', ')} FROM ${numbered(tools.input)} l ASOF LEFT JOIN ${once} r ON ${fits.join(' AND ')} ORDER BY l.${ROW}`;
}

function crossed(left: Relation, right: Relation, suffixes: [string, string]): string {
  const parts = besides(left, right, { shared: [], suffixes, key: quoted });
  return `SELECT ${parts.join(', ')} FROM ${numbered(left)} l CROSS JOIN ${numbered(right)} r ORDER BY l.${ROW}, r.${ROW}`;
}

/** All columns of both; other columns of one name are told apart by what is put behind it. */
function besides(
  left: Relation,
  right: Relation,
  options: { shared: string[]; suffixes: [string, string]; key(name: string): string },
): string[] {
  const { shared, suffixes, key } = options;
  const both = new Set(
    left.columns.map(({ name }) => name).filter((name) => right.columns.some((other) => other.name === name)),
  );
  const named = (side: string, { name }: Column, suffix: string): string =>
    `${side}.${quoted(name)} AS ${quoted(both.has(name) ? `${name}${suffix}` : name)}`;
  return [
    ...left.columns.map((column) =>
      shared.includes(column.name) ? key(column.name) : named('l', column, suffixes[0]),
    ),
    ...right.columns.filter(({ name }) => !shared.includes(name)).map((column) => named('r', column, suffixes[1])),
  ];
}

/** The columns that have to be equal: those of `on`, or all that both have. */
function pairsOf(
  { on, join: name = '' }: Step,
  tools: Tools,
  { right, key = 'on' }: { right: Relation; key?: 'on' | 'by' },
): [Column, Column][] {
  const both = tools.input.columns.filter((column) => right.columns.some((other) => other.name === column.name));
  const wanted: [string, string][] =
    on === undefined
      ? both.map((column) => [column.name, column.name])
      : typeof on === 'object' && !Array.isArray(on)
        ? Object.entries(on)
        : namesOf(on).map((each) => [each, each]);
  if (wanted.length === 0) {
    throw stepFault(
      `no column is in both tables, so rows of "${name}" cannot be told`,
      ['join'],
      'say which: on: {here: there}',
    );
  }
  return wanted.map(([here, there]) => {
    tools.column(here, [key]);
    const left = tools.input.columns.find((column) => column.name === here)!;
    const other = otherColumn(right, there, { table: name, key });
    const kinds = [kindOf(left), kindOf(other)];
    if (
      kinds[0] !== kinds[1] &&
      !(isNumeric(left) && isNumeric(other)) &&
      !kinds.every((kind) => kind === 'dates' || kind === 'times')
    ) {
      throw stepFault(
        `"${here}" holds ${kinds[0]} here and ${kinds[1]} in "${name}", so they are never equal`,
        ['join'],
        'make them of one kind before: cast: {column: text}',
      );
    }
    return [left, other];
  });
}

function otherColumn({ columns }: Relation, name: string, { table, key }: { table: string; key: string }): Column {
  const column = columns.find((each) => each.name === name);
  if (column) return column;
  const names = columns.map((each) => each.name).join(', ');
  throw stepFault(`"${table}" has no column "${name}"`, [key], `its columns are ${names}`);
}

/** The rows of other tables below, columns by their names. */
export const union: Build = async ({ union: names }, tools) => {
  const parts = [`SELECT * FROM ${tools.input.name}`];
  for (const name of namesOf(names)) parts.push(`SELECT * FROM ${(await tools.table(name, ['union'])).name}`);
  return parts.join(' UNION ALL BY NAME ');
};
