import { aggregatesOf } from '../aggregates.ts';
import { stepFault } from '../fault.ts';
import { kindOf, numbered, quoted, ROW } from '../sql.ts';
import type { Build } from '../step.ts';

const units: Record<string, string> = {
  s: 'second',
  sec: 'second',
  m: 'minute',
  min: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  mo: 'month',
  q: 'quarter',
  y: 'year',
};

/**
 * One row for each stretch of time from the first to the last, of each group; stretches without rows are there, with counts and sums of 0.
 * Stretches of up to a day begin at midnight of the first day, weeks on Monday, longer ones on the first.
 */
export const resample: Build = async ({ resample: name = '', every = '', by, aggregate }, tools) => {
  const column = tools.column(name, ['resample']);
  const kind = kindOf(tools.input.columns.find((each) => each.name === name) ?? { type: '' });
  if (kind !== 'times' && kind !== 'dates') {
    throw stepFault(
      `resample is for times, and "${name}" holds ${kind}`,
      ['resample'],
      `a step before it can read them: dates: {${name}: iso}`,
    );
  }
  const { interval, isLong } = lengthOf(every);
  const time = kind === 'dates' ? `CAST(${column} AS TIMESTAMP)` : column;
  const groups = tools.columns(by, ['by']);
  const start = isLong
    ? `time_bucket(${interval}, ${time})`
    : `time_bucket(${interval}, ${time}, (SELECT date_trunc('day', CAST(min(${column}) AS TIMESTAMP)) FROM ${tools.input.name}))`;
  const list = (side: string): string[] => groups.map((group) => `${side}.${group}`);
  const same = [
    'g."play time" = d."play time"',
    ...groups.map((group) => `g.${group} IS NOT DISTINCT FROM d.${group}`),
  ];
  const parts = [`"play time" AS ${quoted(name)}`, ...groups, ...(await aggregatesOf(aggregate, tools))];
  const keys = ['"play time"', ...groups].join(', ');
  return `WITH d AS (SELECT *, ${start} AS "play time" FROM ${numbered(tools.input)} WHERE ${column} IS NOT NULL),
    g AS (SELECT ${[...groups, `unnest(generate_series(min("play time"), max("play time"), ${interval})) AS "play time"`].join(', ')}
      FROM d ${groups.length > 0 ? `GROUP BY ${groups.join(', ')}` : ''}),
    f AS (SELECT ${[...list('g'), 'g."play time"', `d.* EXCLUDE (${['"play time"', ...groups].join(', ')})`].join(', ')}
      FROM g LEFT JOIN d ON ${same.join(' AND ')})
    SELECT ${parts.join(', ')} FROM f GROUP BY ${keys} ORDER BY ${[...groups, '"play time"'].map((key) => `${key} NULLS LAST`).join(', ')}`.replaceAll(
    'count(*)',
    `count(${ROW})`,
  );
};

function lengthOf(every: string): { interval: string; isLong: boolean } {
  const match = /^\s*(\d*)\s*([a-z]+?)s?\s*$/.exec(every);
  const word = match?.[2] ?? '';
  const unit = units[word] ?? (match?.[2] === '' ? 'second' : Object.values(units).find((each) => each === word));
  const count = Number(match?.[1] || 1);
  if (!unit || count === 0) {
    throw stepFault(`"${every}" is no stretch of time`, ['every'], 'write 30s, 15min, 1h, 1d, 1w, 1mo or 1y');
  }
  const isLong = unit !== 'second' && unit !== 'minute' && unit !== 'hour' && unit !== 'day';
  return { interval: `INTERVAL '${count} ${unit}'`, isLong };
}
