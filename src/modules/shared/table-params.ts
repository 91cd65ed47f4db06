import { Type } from 'typebox';
import { choice, flag, text } from './params.ts';
import { name, names, sql, textMap } from './table-step-params.ts';

/** Parameters of `table`: where rows come from, and where they go. */

/** Where rows come from. */
export const source = Type.Union(
  [
    Type.String({ minLength: 1 }),
    Type.Array(Type.Unknown()),
    Type.Object(
      {
        csv: Type.Optional(text('A file of comma-separated values.')),
        tsv: Type.Optional(text('A file of values between tabs.')),
        json: Type.Optional(text('A JSON file: a list of mappings, or one mapping.')),
        ndjson: Type.Optional(text('A file with a JSON mapping on each line.')),
        parquet: Type.Optional(text('A Parquet file.')),
        lines: Type.Optional(text('A file of lines, such as a log: one column, `line`, for steps that take it apart.')),
        sqlite: Type.Optional(text('An SQLite database; needs `table` or `query`, and the program sqlite3.')),
        table: Type.Optional(text('The table of the database.')),
        query: Type.Optional(text('A query of the database instead.')),
        rows: Type.Optional(
          Type.Unknown({
            description: 'Values: a list of mappings, of lists or of plain values, or a mapping of equally long lists.',
          }),
        ),
        text: Type.Optional(Type.String({ description: 'Text that a command has printed.' })),
        format: Type.Optional(choice(['csv', 'tsv', 'json', 'ndjson', 'lines'], 'What `text` is.', 'csv')),
        hosts: Type.Optional(
          textMap(
            'One row for each host of the play: column → expression over its facts, variables and results. `host` is its name.',
          ),
        ),
        delimiter: Type.Optional(Type.String({ description: 'Between fields.', minLength: 1, maxLength: 4 })),
        header: Type.Optional(flag('The first line has the names of the columns.', true)),
        skip: Type.Optional(
          Type.Integer({ description: 'So many lines of CSV or TSV are passed over first.', minimum: 0, default: 0 }),
        ),
        columns: Type.Optional(
          Type.Array(name, { description: 'Names of the columns where nothing else tells them.', minItems: 1 }),
        ),
        types: Type.Optional(textMap('Types of columns that are not to be guessed: `{zip: text}`.')),
        empty: Type.Optional(
          Type.Array(Type.String(), {
            description: 'Texts that stand for no value; as for pandas when not said (empty, `NA`, `null`, …).',
          }),
        ),
        encoding: Type.Optional(choice(['utf-8', 'utf-16', 'latin-1'], 'How the text is encoded.', 'utf-8')),
      },
      { additionalProperties: false },
    ),
  ],
  {
    description:
      'Where the rows come from: a file (what it is, its name tells), a list, or a mapping that says more. Files are looked up beside the playbook and in `files/`.',
  },
);

/** The whole work as a query. */
export const query = sql(
  'A query instead of steps: the rows of `from` are called `data`, tables of `sources` have their names.',
);

const target = Type.Object(
  {
    csv: Type.Optional(text('Comma-separated values.')),
    tsv: Type.Optional(text('Values between tabs.')),
    json: Type.Optional(text('A list of mappings.')),
    ndjson: Type.Optional(text('A mapping on each line.')),
    parquet: Type.Optional(text('A Parquet file.')),
    markdown: Type.Optional(text('A table in Markdown.')),
    html: Type.Optional(text('A page with the table.')),
    sqlite: Type.Optional(text('An SQLite database; needs `table`, and the program sqlite3.')),
    chart: Type.Optional(text('A picture (SVG); `-` for text in the result.')),
    delimiter: Type.Optional(Type.String({ description: 'Between fields.', minLength: 1, maxLength: 1 })),
    header: Type.Optional(flag('The first line has the names of the columns.', true)),
    table: Type.Optional(text('The table of the database.')),
    mode: Type.Optional(choice(['replace', 'append'], 'What becomes of rows that are there.', 'replace')),
    title: Type.Optional(Type.String({ description: 'Above the page or the picture.' })),
    type: Type.Optional(choice(['line', 'bar'], 'How it is drawn.', 'line')),
    x: Type.Optional(text('The column along the bottom.')),
    y: Type.Optional(names('The columns that are drawn.')),
    series: Type.Optional(text('A column of which each value is a line of its own.')),
    width: Type.Optional(Type.Integer({ description: 'In pixels; 800 when not said.', minimum: 200, maximum: 4000 })),
    height: Type.Optional(Type.Integer({ description: 'In pixels; 400 when not said.', minimum: 120, maximum: 4000 })),
  },
  { additionalProperties: false },
);

/** Where the table goes. */
export const targets = Type.Union(
  [Type.String({ minLength: 1 }), target, Type.Array(Type.Union([Type.String({ minLength: 1 }), target]))],
  {
    description:
      'Where it goes, one or several: a file (its name tells what it is), a mapping that says more, `terminal`, or one of `csv`, `json`, `markdown`, `html`, which is then a field of the result.',
  },
);
