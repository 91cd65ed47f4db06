import type { Column, Names, Relation } from './step.ts';

/** A name in SQL, whatever characters it has. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in SQL. Only for what cannot be bound: paths and formats, which DuckDB wants to know beforehand. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** One name or several as a list. */
export function namesOf(names: Names | undefined): string[] {
  return names === undefined ? [] : Array.isArray(names) ? names : [names];
}

/** The column that numbers rows while a step needs their order. No column of an author is called so. */
export const ROW = '"play row"';

/** A relation with its rows numbered from 1 as they come. */
export function numbered({ name }: Pick<Relation, 'name'>): string {
  return `(SELECT *, row_number() OVER () AS ${ROW} FROM ${name})`;
}

/** What kind of values a column has, for people and for steps that treat kinds differently. */
export type Kind = 'whole numbers' | 'numbers' | 'text' | 'true and false' | 'dates' | 'times' | 'other values';

/** The kind of a DuckDB type. */
export function kindOf({ type }: Pick<Column, 'type'>): Kind {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return 'whole numbers';
  if (/^(DOUBLE|FLOAT|DECIMAL\(.*\))$/.test(type)) return 'numbers';
  if (type === 'VARCHAR' || type.startsWith('ENUM(')) return 'text';
  if (type === 'BOOLEAN') return 'true and false';
  if (type === 'DATE') return 'dates';
  return type.startsWith('TIMESTAMP') ? 'times' : 'other values';
}

/** Whether one can calculate with a column. */
export function isNumeric(column: Pick<Column, 'type'>): boolean {
  const kind = kindOf(column);
  return kind === 'whole numbers' || kind === 'numbers';
}
