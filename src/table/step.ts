import type { SqlText } from '../model/module.ts';
import type { Value } from '../model/value.ts';

/** One column or several. */
export type Names = string | string[];

/** One step of a pipeline: one of the verbs, and what goes with it (see steps/index.ts). Texts in SQL have their values beside them. */
export interface Step {
  filter?: SqlText;
  select?: Names;
  drop?: Names;
  rename?: Record<string, string>;
  derive?: Record<string, SqlText>;
  sort?: Names;
  distinct?: boolean | Names;
  keep?: 'first' | 'last';
  fill?: Value;
  method?: 'down' | 'up';
  drop_empty?: boolean | Names;
  cast?: Record<string, string>;
  dates?: Record<string, string>;
  invalid?: 'fail' | 'empty';
  group?: Names;
  aggregate?: Record<string, SqlText>;
  join?: string;
  on?: Names | Record<string, string>;
  how?: 'inner' | 'left' | 'right' | 'outer' | 'cross' | 'semi' | 'anti' | 'asof';
  suffixes?: [string, string];
  union?: Names;
  pivot?: string;
  index?: Names;
  values?: Names;
  function?: string;
  fill_value?: Value;
  unpivot?: Names;
  names_to?: string;
  values_to?: string;
  transpose?: string;
  cut?: string;
  bins?: number | (number | string)[];
  quantiles?: number;
  labels?: string[];
  right?: boolean;
  into?: string;
  window?: Record<string, SqlText>;
  by?: Names;
  order?: Names;
  rows?: number;
  min_rows?: number;
  resample?: string;
  every?: string;
  value_counts?: Names;
  normalize?: boolean;
  describe?: boolean;
  sample?: number;
  seed?: number;
  head?: number;
  tail?: number;
  skip?: number;
  sql?: SqlText;
}

/** A column as DuckDB has it. */
export interface Column {
  name: string;
  type: string;
}

/** A table or view that a step reads: its name in SQL, and what it has. */
export interface Relation {
  name: string;
  columns: Column[];
}

/** Where in the parameters something stands. */
export type Path = (string | number)[];

/** What a step can use while it is written as SQL. */
export interface Tools {
  input: Relation;
  /** A column of the input by its name, quoted. Throws TableFault at `path` when there is none. */
  column(name: string, path: Path): string;
  columns(names: Names | undefined, path: Path): string[];
  /** Author SQL as one expression. */
  expression(text: SqlText): Promise<string>;
  /** Author SQL as it is, with its values bound. */
  text(text: SqlText): Promise<string>;
  /** SQL that stands for a value. */
  bind(value: Value): Promise<string>;
  /** Another table of the task. Throws TableFault at `path` when there is none. */
  table(name: string, path: Path): Promise<Relation>;
  /** The first column of what a query gives, as text. */
  texts(sql: string): Promise<string[]>;
}

/** Writes a step as a query over its input. Throws TableFault. */
export type Build = (step: Step, tools: Tools) => string | Promise<string>;
