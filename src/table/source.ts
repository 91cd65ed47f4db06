import type { Value } from '../model/value.ts';

/** How the values of text files are read. */
export interface Reading {
  /** Between fields; a comma, or a tab in tsv. */
  delimiter?: string;
  /** `false`: the first row is no header. */
  header?: boolean;
  /** Lines before the first that is read. */
  skip?: number;
  /** Names of the columns where there is no header. */
  columns?: string[];
  /** Types of columns that are not to be guessed. */
  types?: Record<string, string>;
  /** Texts that stand for no value. */
  empty?: string[];
  encoding?: string;
}

/** Where rows come from: a file by its absolute path, text, or values. */
export type Source = Reading &
  (
    | { kind: 'csv' | 'json' | 'parquet' | 'lines'; path: string; shown: string }
    | { kind: 'csv' | 'json' | 'lines'; text: string; shown: string }
    | { kind: 'rows'; rows: Value; shown: string }
    | { kind: 'sqlite'; path: string; query: string; shown: string }
  );

/** What a file is by the end of its name; undefined: that says nothing. */
export function formatOf(
  path: string,
): 'csv' | 'tsv' | 'json' | 'ndjson' | 'parquet' | 'sqlite' | 'markdown' | 'html' | 'svg' | undefined {
  const end = /\.([a-z0-9]+)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const names: Record<string, ReturnType<typeof formatOf>> = {
    csv: 'csv',
    tsv: 'tsv',
    tab: 'tsv',
    json: 'json',
    ndjson: 'ndjson',
    jsonl: 'ndjson',
    parquet: 'parquet',
    db: 'sqlite',
    sqlite: 'sqlite',
    sqlite3: 'sqlite',
    md: 'markdown',
    html: 'html',
    htm: 'html',
    svg: 'svg',
  };
  return names[end];
}

/** What pandas takes for no value (its read_csv, `na_values`). */
export const EMPTY = [
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
];
