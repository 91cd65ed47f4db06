import { describe, expect, test } from 'vitest';
import type { Fields } from '../../../src/model/value.ts';
import { createBench } from './rig.ts';

const bench = createBench({
  'log.csv': 'host,status,ms\nweb1,200,1.5\nweb2,500,x\n',
  'bad.json': '[{"a": 1}, {',
  'ragged.csv': 'a,b\n1,2\n1,2,3\n',
});

const over = (...steps: Fields[]): Fields => ({ from: 'log.csv', steps });

describe('what is said of mistakes, and where', () => {
  test.each<[string, Fields, string]>([
    [
      'a column',
      over({ filter: 'statsu > 1' }),
      'steps.0.filter: there is no column "statsu" → did you mean "status"?',
    ],
    [
      'a column far from any',
      over({ select: ['host', 'zzz'] }),
      'steps.0.select.1: there is no column "zzz" → the columns here are host, status, ms',
    ],
    [
      'the second of a step',
      over({ derive: { a: 'status + 1', b: 'bbb + 1' } }),
      'steps.0.derive.b: there is no column "bbb" → the columns here are host, status, ms, a',
    ],
    [
      'a function',
      over({ derive: { a: 'uper(host)' } }),
      'steps.0.derive.a: there is no function "uper" → did you mean "upper"?',
    ],
    [
      'a kind',
      over({ group: 'host', aggregate: { n: 'count', m: 'mean(ms)' } }),
      'steps.0.aggregate.m: mean is for numbers, and "ms" holds text → a step before it can make numbers: cast: {ms: number}',
    ],
    [
      'a kind in SQL',
      over({ derive: { a: 'sqrt(host)' } }),
      'steps.0.derive.a: sqrt does not take text → a step `cast` before it changes the type of a column',
    ],
    [
      'a value',
      over({ cast: { status: 'text', ms: 'number' } }),
      "steps.0.cast.ms: could not convert string 'x' to DOUBLE → invalid: empty makes such values empty",
    ],
    [
      'a whole number',
      over({ cast: { ms: 'integer' } }),
      'steps.0.cast.ms: "1.5" is no whole number → invalid: empty makes such values empty',
    ],
    [
      'a date',
      over({ dates: { host: '%Y' } }),
      'steps.0.dates.host: could not parse string "web1" according to format specifier "%Y" → invalid: empty makes such values empty',
    ],
    [
      'a type',
      over({ cast: { ms: 'float64' } }),
      'steps.0.cast.ms: there is no type "float64" → integer, number, text, boolean, date, datetime, time, json and decimal(10,2) are types',
    ],
    ['no SQL', over({ filter: 'status >=' }), 'steps.0.filter: this is not SQL: syntax error at its end'],
    [
      'more than an expression',
      over({ filter: 'true; DROP TABLE x' }),
      'steps.0.filter: this is not SQL: syntax error near ";"',
    ],
    [
      'a table',
      { ...over({ join: 'hosst' }), sources: { hosts: [{ host: 'a' }] } },
      'steps.0.join: there is no table "hosst" → did you mean "hosts"?',
    ],
    [
      'keys of two kinds',
      { ...over({ join: 'ids', on: { host: 'id' } }), sources: { ids: [{ id: 1 }] } },
      'steps.0.join: "host" holds text here and whole numbers in "ids", so they are never equal → make them of one kind before: cast: {column: text}',
    ],
    [
      'a time that is text',
      over({ resample: 'host', every: '1h' }),
      'steps.0.resample: resample is for times, and "host" holds text → a step before it can read them: dates: {host: iso}',
    ],
    [
      'a stretch',
      { from: [{ t: '2024-01-01' }], steps: [{ dates: { t: 'iso' } }, { resample: 't', every: 'often' }] },
      'steps.1.every: "often" is no stretch of time → write 30s, 15min, 1h, 1d, 1w, 1mo or 1y',
    ],
    [
      'classes of text',
      over({ cut: 'host', bins: 3 }),
      'steps.0.cut: cut is for numbers, and "host" holds text → a step before it can make numbers: cast: {host: number}',
    ],
    [
      'classes of nothing said',
      over({ cut: 'status' }),
      'steps.0.cut: cut needs one of bins and quantiles → write bins: [0, 100, 500] or quantiles: 4',
    ],
    [
      'edges that fall',
      over({ cut: 'status', bins: [0, 500, 200] }),
      'steps.0.bins: edges have to rise, and these do not: 0, 500, 200',
    ],
    [
      'too few labels',
      over({ cut: 'status', bins: [0, 200, 500], labels: ['good'] }),
      'steps.0.labels: labels wanted: 2, one for each stretch; given: 1',
    ],
    [
      'columns of one name',
      { from: [{ a: 'x' }, { a: 'x' }], steps: [{ derive: { b: '1' } }, { transpose: 'a' }] },
      'steps.1.transpose: two columns would be called "x"',
    ],
    [
      'columns whose names differ in case',
      { from: [{ a: 'x' }, { a: 'X' }], steps: [{ derive: { b: '1' } }, { transpose: 'a' }] },
      'steps.1.transpose: two columns would be called "X"',
    ],
    [
      'a column without a name',
      {
        from: [
          { a: 'x', b: 1 },
          { a: null, b: 2 },
        ],
        steps: [{ transpose: 'a' }],
      },
      'steps.0.transpose: "a" is empty in a row',
    ],
    [
      'a time to join by',
      { ...over({ join: 'other', how: 'asof', on: ['host', 'status'] }), sources: { other: 'log.csv' } },
      'steps.0.on: an asof join is on one column → say on: time, and what has to be equal as by: host',
    ],
    [
      'a column to be equal',
      { ...over({ join: 'other', how: 'asof', on: 'status', by: 'hots' }), sources: { other: 'log.csv' } },
      'steps.0.by: there is no column "hots" → did you mean "host"?',
    ],
    [
      'equal columns without a time',
      { ...over({ join: 'other', by: 'host' }), sources: { other: 'log.csv' } },
      'steps.0.by: by is for how: asof → columns that have to be equal stand under on',
    ],
    [
      'quantiles of one value',
      { from: [{ n: 1 }, { n: 1 }], steps: [{ cut: 'n', quantiles: 2 }] },
      'steps.0.quantiles: edges have to rise, and these do not: 1, 1, 1 → too many rows have the same value: write fewer quantiles, or bins',
    ],
    ['a missing file', { from: 'nope.csv' }, 'from: nope.csv cannot be read as a table: no such file or folder'],
    [
      'a file of another kind',
      { from: 'picture.png' },
      'from: the name of picture.png does not tell what it is → write from: {csv: picture.png}',
    ],
    [
      'no rows',
      { from: [] },
      'from: the list cannot be read as a table: it has no rows, so nothing tells its columns → name them: columns: [a, b]',
    ],
    [
      'a picture of text',
      { from: 'log.csv', to: { chart: 'x.svg', x: 'host', y: 'ms' } },
      'to.y: a chart draws numbers, and "ms" holds text',
    ],
    [
      'a target',
      { from: 'log.csv', to: ['terminal', 'x.pdf'] },
      'to.1: "x.pdf" does not tell all that is to be known of it → write to: {csv: x.pdf}, or one of csv, tsv, json, ndjson, markdown, html, terminal',
    ],
    [
      'two verbs',
      over({ filter: 'true', sort: 'ms' }),
      '?: table: steps[0] has both filter and sort → write two steps: - filter: …, then - sort: …',
    ],
    ['a key of another verb', over({ filter: 'true', seed: 1 }), '?: table: seed does not go with filter'],
    [
      'a misspelt key of the verb',
      over({ group: 'host', aggregat: { a: 'count' } }),
      '?: table: aggregat does not go with group → did you mean "aggregate"?',
    ],
  ])('%s', async (_, params, words) => {
    expect(await bench.fault(params)).toBe(words);
  });

  test('a target that is a folder, and memory that is too little', async () => {
    expect(await bench.fault({ from: 'log.csv', to: { csv: '.' } })).toMatch(/^to: .* cannot be written: /);
    const sql = 'SELECT list(i) AS all_of_it FROM range(20000000) r(i)';
    expect(await bench.fault({ from: 'log.csv', sql, memory: '50MB' })).toContain('give it more: memory: 4GB');
  });

  test('a file that is no JSON says where', async () => {
    expect(await bench.fault({ from: 'bad.json' })).toMatch(/^from: bad\.json cannot be read as a table: .*JSON/i);
  });

  test('a line with too many fields is told by its number', async () => {
    expect(await bench.fault({ from: 'ragged.csv' })).toBe(
      'from: ragged.csv cannot be read as a table: line 3: expected Number of Columns: 2 Found: 3',
    );
  });
});

describe('nothing outside is reached', () => {
  test.each([
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "FROM read_parquet('http://127.0.0.1:1/x.parquet')",
  ])('%s', async (sql) => {
    expect(await bench.fault({ from: 'log.csv', sql })).toBe(
      'steps.0.sql: a table reaches no file but those of from, sources and to, and no extension',
    );
  });

  test.each([
    "COPY data TO '/tmp/x'",
    "ATTACH '/tmp/x.db'",
    'INSTALL httpfs',
    'SET memory_limit = 1',
    'DROP VIEW data',
    'SELECT 1; SELECT 2',
  ])('%s is no query', async (sql) => {
    expect(await bench.fault({ from: 'log.csv', sql })).toContain('this is not SQL');
  });

  test('a file in the place of a table', async () => {
    expect(await bench.fault({ from: 'log.csv', sql: "FROM '/etc/passwd'" })).toContain(
      'there is no table "/etc/passwd"',
    );
  });

  test.each<[Fields]>([
    [{ filter: 'true' }],
    [{ derive: { a: '1' } }],
    [{ group: [], aggregate: { a: 'count' } }],
    [{ sql: 'FROM data' }],
  ])('steps that are a value are not run: %j', async (step) => {
    const words = 'comes from a variable, and SQL has to stand in the task itself';
    expect(await bench.fault({ from: 'log.csv', steps: '{{steps}}' }, { steps: [step] })).toContain(words);
    expect(await bench.fault({ from: 'log.csv', steps: ['{{step}}'] }, { step })).toContain(words);
  });

  test('a query that is a value is none', async () => {
    expect(await bench.fault({ from: 'log.csv', sql: '{{q}}' }, { q: 'FROM data' })).toContain('this is not SQL');
  });

  test('values of variables are values', async () => {
    const evil = "x' OR 1=1; DROP TABLE data; --";
    expect(
      await bench.rows({ from: 'log.csv', steps: [{ filter: "host = {{x}} OR host LIKE '%{{x}}%'" }] }, { x: evil }),
    ).toEqual([]);
    expect(
      await bench.rows({ from: [{ [evil]: 1 }], steps: [{ select: '{{x}}' }, { filter: '"{{x}}" = 1' }] }, { x: evil }),
    ).toEqual([{ [evil]: 1 }]);
  });
});
