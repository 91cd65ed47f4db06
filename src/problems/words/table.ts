import { didYouMean, words } from './entry.ts';

/** Faults of tables: their sources, their steps and what is written of them. */
export const tableWords = {
  E_TABLE_COLUMN: words<{ name: string; columns: string[]; similar?: string }>({
    exit: 3,
    say: (f) => `there is no column "${f.name}"`,
    hint: (f) => didYouMean(f.similar) ?? `the columns here are ${f.columns.join(', ')}`,
  }),
  E_TABLE_NAME: words<{ name: string; tables: string[]; similar?: string }>({
    exit: 3,
    say: (f) => `there is no table "${f.name}"`,
    hint: (f) =>
      didYouMean(f.similar) ??
      (f.tables.length > 0 ? `the tables here are ${f.tables.join(', ')}` : 'name it under `sources`'),
  }),
  E_TABLE_STEP: words<{ detail: string; advice?: string }>({
    exit: 3,
    say: (f) => f.detail,
    hint: (f) => f.advice,
  }),
  E_TABLE_SOURCE: words<{ what: string; detail: string; advice?: string }>({
    exit: 3,
    say: (f) => `${f.what} cannot be read as a table: ${f.detail}`,
    hint: (f) => f.advice,
  }),
  E_TABLE_TARGET: words<{ what: string; detail: string }>({
    exit: 3,
    say: (f) => `${f.what} cannot be written: ${f.detail}`,
  }),
  E_TABLE_ENGINE: words<{ detail: string }>({
    exit: 3,
    say: (f) => `tables need the package @duckdb/node-api, which cannot be loaded: ${f.detail}`,
    hint: () => 'it is an optional dependency: npm install @duckdb/node-api in the folder of play',
  }),
};
