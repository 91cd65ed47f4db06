import { describe, expect, test } from 'vitest';
import type { Fields, Value } from '../../../src/model/value.ts';
import { createBench } from './rig.ts';

/* What test/python/pandas.yml does not ask: there each step is compared with pandas. */

const bench = createBench();

const rows: Fields[] = [
  { 'a b': 1, 'quote"d': 'x', 'line\nbreak': null, Ünïcode: true, '-minus': 2 },
  { 'a b': 3, 'quote"d': 'y', 'line\nbreak': 'z', Ünïcode: false, '-minus': 1 },
];

describe('names of any characters', () => {
  test.each<[string, Fields[], Value]>([
    [
      'select',
      [{ select: ['quote"d', 'line\nbreak'] }],
      [
        { 'quote"d': 'x', 'line\nbreak': null },
        { 'quote"d': 'y', 'line\nbreak': 'z' },
      ],
    ],
    ['sort', [{ sort: '-a b' }, { select: 'a b' }], [{ 'a b': 3 }, { 'a b': 1 }]],
    ['sort by a name with a dash', [{ sort: '-minus' }, { select: '-minus' }], [{ '-minus': 1 }, { '-minus': 2 }]],
    [
      'aggregate',
      [{ group: 'Ünïcode', aggregate: { 'the "sum"': 'sum("a b")' } }],
      [
        { Ünïcode: false, 'the "sum"': 3 },
        { Ünïcode: true, 'the "sum"': 1 },
      ],
    ],
    ['pivot', [{ pivot: 'quote"d', values: 'a b', function: 'sum' }], [{ x: 1, y: 3 }]],
    [
      'unpivot',
      [{ unpivot: ['a b', 'quote"d'], index: 'Ünïcode' }, { head: 1 }],
      [{ Ünïcode: true, variable: 'a b', value: '1' }],
    ],
    ['window', [{ window: { 'c"': 'cumsum("a b")' } }, { select: 'c"' }], [{ 'c"': 1 }, { 'c"': 4 }]],
    ['rename', [{ rename: { 'a b': "it's" } }, { select: "it's" }, { head: 1 }], [{ "it's": 1 }]],
  ])('%s', async (_, steps, wanted) => {
    expect(await bench.rows({ from: rows, steps })).toEqual(wanted);
  });
});

describe('kinds of values', () => {
  test('whole numbers stay whole, and those that JavaScript cannot hold are text with a word about it', async () => {
    bench.write('big.csv', 'n,s\n9007199254740993,1\n2,3\n');
    const { fields, message } = await bench.run({ from: 'big.csv' });
    expect(fields['rows']).toEqual([
      { n: '9007199254740993', s: 1 },
      { n: 2, s: 3 },
    ]);
    expect(message).toContain('"n" has whole numbers beyond 2^53');
    expect(
      await bench.rows({ from: 'big.csv', steps: [{ group: [], aggregate: { s: 'sum(s)', m: 'max(n)' } }] }),
    ).toEqual([{ s: 4, m: '9007199254740993' }]);
  });

  test('what a column of JSON holds, it holds afterwards', async () => {
    const values = [
      { when: '2024-01-01', zero: '007', mixed: 1, list: [1, { a: null }], flag: true, none: null },
      { when: 'later', zero: '1', mixed: 'x', list: [], flag: false, none: null },
    ];
    expect(await bench.rows({ from: values })).toEqual([{ ...values[0], mixed: '1' }, values[1]]);
  });

  test('times are ISO text in UTC, numbers that are none are null', async () => {
    const sql = `SELECT TIMESTAMP '2024-03-01 10:20:30.5' AS t, DATE '2024-03-01' AS d, TIMESTAMPTZ '2024-03-01 10:00:00+02' AS z,
      'nan'::DOUBLE AS n, 'inf'::DOUBLE AS i, 1.25 AS c, INTERVAL 90 MINUTE AS span, [1, 2] AS l, {'a': 1} AS m`;
    expect(await bench.rows({ from: rows, sql })).toEqual([
      {
        t: '2024-03-01T10:20:30.5',
        d: '2024-03-01',
        z: '2024-03-01T08:00:00Z',
        n: null,
        i: null,
        c: 1.25,
        span: '01:30:00',
        l: [1, 2],
        m: { a: 1 },
      },
    ]);
  });

  test('a value behind many rows may show that a column holds something else', async () => {
    bench.write('late.csv', `n,t\n${'1,a\n'.repeat(150_000)}x,b\n`);
    const { fields } = await bench.run({ from: 'late.csv', steps: [{ tail: 1 }] });
    expect(fields['rows']).toEqual([{ n: 'x', t: 'b' }]);
  });

  test('types of a file that are said are not guessed', async () => {
    bench.write('zip.csv', 'zip,n\n01234,NA\n99999,none\n');
    expect(await bench.rows({ from: { csv: 'zip.csv', types: { zip: 'text' }, empty: ['none'] } })).toEqual([
      { zip: '01234', n: 'NA' },
      { zip: '99999', n: null },
    ]);
  });

  test('file names that look like patterns', async () => {
    bench.write('a[1]*.csv', 'n\n1\n');
    expect(await bench.rows({ from: 'a[1]*.csv' })).toEqual([{ n: 1 }]);
  });
});

describe('the order of rows', () => {
  const many = Array.from({ length: 50_000 }, (_, i) => ({ i, g: i % 7, h: `k${i % 3}` }));

  test('is the same each time, with several threads', async () => {
    bench.write('many.ndjson', many.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const params: Fields = {
      from: 'many.ndjson',
      sources: {
        names: [
          { h: 'k0', name: 'zero' },
          { h: 'k2', name: 'two' },
        ],
      },
      steps: [
        { filter: 'i % 2 = 0' },
        { join: 'names' },
        { derive: { x: 'i / 3' } },
        { distinct: ['g', 'name'] },
        { window: { n: 'row_number' }, by: 'name' },
      ],
      threads: 4,
    };
    const first = await bench.rows(params);
    expect(await bench.rows(params)).toEqual(first);
    expect((first as { i: number }[]).map(({ i }) => i)).toEqual(
      [...(first as { i: number }[]).map(({ i }) => i)].sort((a, b) => a - b),
    );
  });

  test('sorting leaves equal rows as they were; the same seed draws the same rows', async () => {
    const sorted = (await bench.rows({ from: 'many.ndjson', steps: [{ sort: 'g' }, { head: 3 }] })) as Fields[];
    expect(sorted.map(({ i }) => i)).toEqual([0, 7, 14]);
    const draw = (seed: number): Promise<Value> => bench.rows({ from: 'many.ndjson', steps: [{ sample: 5, seed }] });
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(2));
    expect(await bench.rows({ from: 'many.ndjson', steps: [{ sample: 0.1 }, { group: [] }] })).toEqual([
      { count: 5000 },
    ]);
  });
});

describe('more of the steps', () => {
  const sales: Fields[] = [
    { g: 'a', n: 1, ok: true, t: '2024-01-31T23:00:00Z' },
    { g: 'b', n: null, ok: false, t: '2024-02-29T01:00:00+02:00' },
    { g: 'a', n: 5, ok: false, t: '2024-03-04T00:00:00Z' },
  ];
  const later: Fields[] = [
    { g: 'a', since: 5, v: 'first' },
    { g: 'a', since: 5, v: 'second' },
    { g: 'b', since: 0, v: 'other' },
  ];
  test.each<[string, Fields[], Value]>([
    ['fill up, by group', [{ fill: 'n', method: 'up', by: 'g' }, { select: 'n' }], [{ n: 1 }, { n: null }, { n: 5 }]],
    [
      'fill all numbers',
      [{ fill: 0 }, { select: ['n', 'g'] }],
      [
        { n: 1, g: 'a' },
        { n: 0, g: 'b' },
        { n: 5, g: 'a' },
      ],
    ],
    ['skip', [{ skip: 2 }, { select: 'n' }], [{ n: 5 }]],
    [
      'sums of flags',
      [{ group: 'g', aggregate: { s: 'sum(ok)', m: 'mean(ok)', any: 'any(ok)', mode: 'mode(n)' } }],
      [
        { g: 'a', s: 1, m: 0.5, any: true, mode: 1 },
        { g: 'b', s: 0, m: 0, any: false, mode: null },
      ],
    ],
    [
      'nothing to add up is 0, nothing to average is empty',
      [{ filter: "g = 'b'" }, { group: [], aggregate: { s: 'sum(n)', m: 'mean(n)', c: 'count(n)' } }],
      [{ s: 0, m: null, c: 0 }],
    ],
    [
      'by month',
      [{ dates: { t: 'iso' } }, { resample: 't', every: '1mo', aggregate: { c: 'count', s: 'sum(n)' } }],
      [
        { t: '2024-01-01T00:00:00', c: 1, s: 1 },
        { t: '2024-02-01T00:00:00', c: 1, s: 0 },
        { t: '2024-03-01T00:00:00', c: 1, s: 5 },
      ],
    ],
    [
      'by week, from Monday',
      [{ dates: { t: 'iso' } }, { tail: 1 }, { resample: 't', every: '1w' }],
      [{ t: '2024-03-04T00:00:00', count: 1 }],
    ],
    ['semi join', [{ join: 'other', on: 'g', how: 'semi' }, { select: 'n' }], [{ n: 1 }, { n: 5 }]],
    [
      'SQL in the middle',
      [{ filter: 'n > 0' }, { sql: 'SELECT max(n) AS m, count(*) AS c FROM data' }, { derive: { m2: 'm * 2' } }],
      [{ m: 5, c: 2, m2: 10 }],
    ],
    [
      'SQL with another table',
      [{ sql: 'SELECT data.g, x FROM data LEFT JOIN other USING (g) ORDER BY n NULLS FIRST' }],
      [
        { g: 'b', x: null },
        { g: 'a', x: 9 },
        { g: 'a', x: 9 },
      ],
    ],
    ['a remark at the end of an expression', [{ filter: 'n = 5 -- only this' }, { select: 'n' }], [{ n: 5 }]],
    [
      'rolling with fewer rows',
      [{ drop_empty: 'n' }, { window: { m: 'sum(n)' }, rows: 2, min_rows: 1 }, { select: 'm' }],
      [{ m: 1 }, { m: 6 }],
    ],
    [
      'ntile and dense_rank',
      [{ window: { q: 'ntile(2)', r: 'dense_rank' }, order: '-n' }, { select: ['q', 'r'] }],
      [
        { q: 1, r: 2 },
        { q: 2, r: 3 },
        { q: 1, r: 1 },
      ],
    ],
    [
      'classes sort as they follow each other, and what is in none is empty',
      [
        { cut: 'n', bins: [0, 4, 10], labels: ['z', 'a'], into: 'g' },
        { group: 'g', aggregate: { c: 'count' } },
      ],
      [
        { g: 'z', c: 1 },
        { g: 'a', c: 1 },
        { g: null, c: 1 },
      ],
    ],
    [
      'classes are text afterwards',
      [
        { cut: 'n', bins: ['-inf', 4, 'inf'] },
        { derive: { bin: "upper(bin) || '!'" } },
        { select: 'bin' },
        { head: 1 },
      ],
      [{ bin: '(-INF, 4.0]!' }],
    ],
    [
      'one number makes one class',
      [{ filter: 'n = 5' }, { cut: 'n', bins: 1, labels: ['all'] }, { select: 'bin' }],
      [{ bin: 'all' }],
    ],
    [
      'columns of several kinds become rows of text',
      [{ head: 2 }, { derive: { id: 'row_number() OVER ()' } }, { select: ['id', 'g', 'n'] }, { transpose: 'id' }],
      [
        { column: 'g', '1': 'a', '2': 'b' },
        { column: 'n', '1': '1', '2': null },
      ],
    ],
    [
      'the last row that is not later',
      [{ join: 'later', how: 'asof', on: { n: 'since' }, by: 'g' }, { select: ['g', 'n', 'v'] }],
      [
        { g: 'a', n: 1, v: null },
        { g: 'b', n: null, v: null },
        { g: 'a', n: 5, v: 'second' },
      ],
    ],
    ['no rows are left', [{ filter: 'false' }, { group: 'g', aggregate: { c: 'count' } }], []],
  ])('%s', async (_, steps, wanted) => {
    expect(await bench.rows({ from: sales, sources: { other: [{ g: 'a', x: 9 }], later }, steps })).toEqual(wanted);
  });

  test('without from, the first of sources is what steps read', async () => {
    const sources = { a: [{ n: 1 }], b: [{ n: 2 }] };
    expect(await bench.rows({ sources, steps: [{ union: 'b' }] })).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await bench.rows({ sources, sql: 'SELECT a.n + b.n AS n FROM a, b' })).toEqual([{ n: 3 }]);
  });

  test('one row for each host', async () => {
    const { fields } = await bench.run(
      { from: { hosts: { os: 'facts.os.name' } }, steps: [{ group: 'os' }] },
      {
        hosts: [
          { host: 'a', os: 'debian' },
          { host: 'b', os: 'debian' },
          { host: 'c', os: null },
        ],
      },
    );
    expect(fields['rows']).toEqual([
      { os: 'debian', count: 2 },
      { os: null, count: 1 },
    ]);
  });

  test('more rows than the result is to have', async () => {
    const { fields } = await bench.run({ from: sales, max_rows: 1 });
    expect(fields).toMatchObject({ row_count: 3, truncated: true, rows: [{ g: 'a' }] });
  });
});
