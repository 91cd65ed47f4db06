import { Type } from 'typebox';
import type { SqlText } from '../../model/module.ts';
import { choice, flag, text } from './params.ts';

/** The steps of `table`. Which keys of a step belong together is checked by src/table/verbs.ts. */

/** Author SQL, with its values beside it. */
export const sql = (description: string) => Type.Unsafe<SqlText>({ type: 'string', description, minLength: 1 });
/** The name of a column. */
export const name = Type.String({ minLength: 1 });
/** One name or several. */
export const names = (description: string) => Type.Union([name, Type.Array(name)], { description });
const sqlMap = (description: string) =>
  Type.Unsafe<Record<string, SqlText>>({
    type: 'object',
    additionalProperties: { type: 'string', minLength: 1 },
    minProperties: 1,
    description,
  });
/** Names → texts. */
export const textMap = (description: string) =>
  Type.Record(Type.String(), Type.String({ minLength: 1 }), { description, minProperties: 1 });
const edge = Type.Union([Type.Number(), ...['inf', '-inf', '.inf', '-.inf'].map((word) => Type.Literal(word))]);
const count = (description: string, minimum = 0) => Type.Integer({ description, minimum });

const step = Type.Object(
  {
    filter: Type.Optional(sql('Rows for which this is true: `status >= 500 AND host = {{item}}`.')),
    select: Type.Optional(names('These columns, in this order.')),
    drop: Type.Optional(names('All but these columns.')),
    rename: Type.Optional(textMap('Old name → new name.')),
    derive: Type.Optional(sqlMap('Column → expression; one after the other. A column that is there is replaced.')),
    sort: Type.Optional(names('By these columns; `-` before one turns it round. What is empty comes last.')),
    distinct: Type.Optional(
      Type.Union([Type.Literal(true), name, Type.Array(name)], {
        description: 'One row of those that are equal: in all columns (`true`), or in these.',
      }),
    ),
    keep: Type.Optional(choice(['first', 'last'], 'Which of equal rows stays.', 'first')),
    fill: Type.Optional(
      Type.Unknown({
        description:
          'Instead of no value: column → value, one value for all columns of its kind, or columns with `method`.',
      }),
    ),
    method: Type.Optional(choice(['down', 'up'], 'Fill with the value before (`down`) or after (`up`).')),
    drop_empty: Type.Optional(
      Type.Union([Type.Literal(true), name, Type.Array(name)], {
        description: 'Leave out rows without a value: in any column (`true`), or in these.',
      }),
    ),
    cast: Type.Optional(
      textMap('Column → type: integer, number, text, boolean, date, datetime, time, json, decimal(10,2).'),
    ),
    dates: Type.Optional(
      textMap('Column → how it is written: `iso`, `epoch`, `epoch_ms`, or a format of strptime. Times are UTC.'),
    ),
    invalid: Type.Optional(choice(['fail', 'empty'], 'What becomes of values that are not of the type.', 'fail')),
    group: Type.Optional(
      names('One row for all that are equal in these columns, sorted by them. `[]`: one row for all.'),
    ),
    aggregate: Type.Optional(
      sqlMap(
        'Column → what it holds of each group: `count`, `mean(ms)`, `p95(ms)`, `nunique(user)`, or an SQL aggregate. The number of rows (`count`) when not said.',
      ),
    ),
    join: Type.Optional(text('Another table of `sources`, whose columns come beside these.')),
    on: Type.Optional(
      Type.Union([name, Type.Array(name), Type.Record(Type.String(), name)], {
        description: 'Columns that must be equal, or a mapping: here → there. All that both have when not said.',
      }),
    ),
    how: Type.Optional(
      choice(
        ['inner', 'left', 'right', 'outer', 'cross', 'semi', 'anti', 'asof'],
        'Which rows stay. `semi` and `anti` only look whether one fits. `asof`: the last row that is not later, by the one column of `on`.',
        'inner',
      ),
    ),
    suffixes: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Put behind names that both tables have; `[_x, _y]` when not said.',
        minItems: 2,
        maxItems: 2,
      }),
    ),
    union: Type.Optional(names('Other tables of `sources`, whose rows come below these; columns by their names.')),
    pivot: Type.Optional(text('A column of which each value becomes a column.')),
    values: Type.Optional(names('The columns whose values go there.')),
    index: Type.Optional(names('With `pivot`: one row for each of these. With `unpivot`: columns that stay.')),
    function: Type.Optional(
      Type.String({
        description: 'What is made of several values for one place: sum, mean, count, first …',
        default: 'mean',
        minLength: 1,
      }),
    ),
    fill_value: Type.Optional(Type.Unknown({ description: 'Where there is none.' })),
    unpivot: Type.Optional(
      names('Columns that become rows: one with the name, one with the value. `[]`: all but `index`.'),
    ),
    names_to: Type.Optional(
      Type.String({
        description: 'The column for the names: `variable`, or `column` with `transpose`, when not said.',
        minLength: 1,
      }),
    ),
    values_to: Type.Optional(
      Type.String({ description: 'The column for the values.', default: 'value', minLength: 1 }),
    ),
    transpose: Type.Optional(
      text(
        'Rows become columns, called by the values of this column; the others become rows, with their names under `names_to`.',
      ),
    ),
    cut: Type.Optional(text('A column of numbers: in which stretch each lies, as `into`.')),
    bins: Type.Optional(
      Type.Union([Type.Array(edge), Type.Integer({ minimum: 1, maximum: 1000 })], {
        description: 'The edges of the stretches (`-inf` and `inf` are some, too), or how many of one length.',
      }),
    ),
    quantiles: Type.Optional(
      Type.Integer({ description: 'So many stretches with as many rows each.', minimum: 1, maximum: 1000 }),
    ),
    labels: Type.Optional(
      Type.Array(name, {
        description: 'What stretches are called; their edges when not said: `(0, 100]`.',
        minItems: 1,
      }),
    ),
    right: Type.Optional(flag('With `bins`: an edge belongs to the stretch that ends there.', true)),
    into: Type.Optional(Type.String({ description: 'The column for it.', default: 'bin', minLength: 1 })),
    window: Type.Optional(
      sqlMap(
        'Column → function over the rows around: `cumsum(n)`, `shift(n)`, `diff(n)`, `pct_change(n)`, `rank`, `row_number`, or an aggregate, over the last `rows` or the whole group.',
      ),
    ),
    by: Type.Optional(names('Groups that are looked at by themselves; with `how: asof`, columns that must be equal.')),
    order: Type.Optional(names('The order in which rows follow each other; as they come when not said.')),
    rows: Type.Optional(count('How many rows, this one included.', 1)),
    min_rows: Type.Optional(count('With fewer values there is none; as many as `rows` when not said.', 1)),
    resample: Type.Optional(text('A column of times: one row for each stretch of time.')),
    every: Type.Optional(text('How long a stretch is: `15min`, `1h`, `1d`, `1w`, `1mo`.')),
    value_counts: Type.Optional(names('How often each value is there, the commonest first.')),
    normalize: Type.Optional(flag('Its share as well.')),
    describe: Type.Optional(Type.Literal(true, { description: 'One row for each column: count, mean, quartiles …' })),
    sample: Type.Optional(
      Type.Number({ description: 'So many rows by chance, or this share of them (below 1).', exclusiveMinimum: 0 }),
    ),
    seed: Type.Optional(Type.Integer({ description: 'Another one gives other rows.', default: 0 })),
    head: Type.Optional(count('The first rows.')),
    tail: Type.Optional(count('The last rows.')),
    skip: Type.Optional(count('All but the first rows.')),
    sql: Type.Optional(
      sql(
        'A query of what the steps before have made, which is called `data`; the tables of `sources` have their names.',
      ),
    ),
  },
  { additionalProperties: false },
);

/** One thing to do after the other. */
export const steps = Type.Array(step, {
  description:
    'What is done, one after the other: each step is one word (`filter`, `group`, `join` …) and what goes with it.',
});
