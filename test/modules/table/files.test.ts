import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fields, Value } from '../../../src/model/value.ts';
import { createBench } from './rig.ts';

const bench = createBench();
const rows: Fields[] = [
  { name: 'web1', n: 1, x: 1.5, ok: true, t: '2024-03-01T10:00:00', none: null, deep: { a: [1] } },
  { name: 'a,"b"\n|c <d>', n: 9007199254740000, x: -0.25, ok: false, t: null, none: null, deep: [] },
];
const from = { rows };
const read: Fields[] = [{ dates: { t: 'iso' } }];

describe('each kind of file', () => {
  test.each(['out/a.csv', 'a.tsv', 'a.json', 'a.ndjson', 'a.parquet', 'a.md', 'a.html'])('%s', async (to) => {
    const path = join(bench.dir, to);
    const params: Fields = { from, steps: read, to };
    expect((await bench.run(params, { check: true })).changed).toBe(true);
    expect(existsSync(path)).toBe(false);
    const done = await bench.run(params);
    expect(done).toMatchObject({ changed: true, fields: { files: [path] } });
    expect((await bench.run(params)).changed).toBe(false);
    expect((await bench.run(params, { check: true })).changed).toBe(false);
    const other = { ...params, steps: [...read, { head: 1 }] };
    chmodSync(path, 0o640);
    expect((await bench.run(other, { check: true })).changed).toBe(true);
    expect((await bench.run(params)).changed).toBe(false);
    expect((await bench.run(other)).changed).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test.each<[string, (row: Fields) => Fields]>([
    ['b.json', (row) => row],
    ['b.ndjson', (row) => row],
    ['b.parquet', (row) => row],
    [
      'b.csv',
      (row) => ({
        ...row,
        t: row['t'] === null ? null : String(row['t']).replace('T', ' '),
        deep: JSON.stringify(row['deep']),
      }),
    ],
  ])('%s holds what was written', async (to, wanted) => {
    await bench.run({ from, steps: read, to });
    expect(await bench.rows({ from: to })).toEqual(rows.map(wanted));
  });

  test('text in the result', async () => {
    const { fields } = await bench.run({
      from,
      steps: [{ select: ['name', 'n'] }, { head: 1 }],
      to: ['csv', 'tsv', 'json', 'ndjson', 'markdown', 'html'],
    });
    expect(fields).toMatchObject({
      csv: 'name,n\nweb1,1\n',
      tsv: 'name\tn\nweb1\t1\n',
      ndjson: '{"name":"web1","n":1}\n',
      markdown: '| name | n |\n| --- | ---: |\n| web1 | 1 |\n',
    });
    expect(JSON.parse(String(fields['json']))).toEqual([{ name: 'web1', n: 1 }]);
    expect(fields['html']).toContain(
      '<td style="padding:4px 10px;border-bottom:1px solid #ddd;text-align:right">1</td>',
    );
  });

  test('nothing in a cell is markup, in Markdown, HTML and pictures', async () => {
    const { fields } = await bench.run({
      from: [{ a: '<b>|&"', n: 1 }],
      to: ['markdown', 'html', { chart: '-', type: 'bar', x: 'a', y: 'n', title: '<script>' }],
    });
    expect(fields['markdown']).toContain('<b>\\|&"');
    expect(fields['html']).toContain('&lt;b&gt;|&amp;&quot;');
    expect(fields['chart']).toContain('&lt;b&gt;|&amp;&quot;');
    expect(fields['chart']).not.toContain('<script>');
  });

  test('a terminal shows no control characters', async () => {
    const { message } = await bench.run({
      from: [{ a: '\u001b[31mred\u0007', long: 'x'.repeat(200) }],
      to: 'terminal',
    });
    expect(message).toContain('\\x1b[31mred');
    expect(message).not.toContain('\u001b');
    expect(message).toContain('…');
  });

  test('CSV with another delimiter and no header', async () => {
    const { diff } = await bench.run({
      from: [{ a: 1, b: 'x;y' }],
      to: { csv: 'c.csv', delimiter: ';', header: false },
    });
    expect(bench.read('c.csv')).toBe('1;"x;y"\n');
    expect(diff).toContain('+1;"x;y"');
  });
});

describe('SQLite', () => {
  const sqlite = (sql: string): string => execFileSync('sqlite3', [join(bench.dir, 'a.db'), sql], { encoding: 'utf8' });

  test('a table is written once, and read back', async () => {
    const params: Fields = { from, steps: read, to: { sqlite: 'a.db', table: 'the "t"' } };
    expect((await bench.run(params, { check: true })).changed).toBe(true);
    expect(existsSync(join(bench.dir, 'a.db'))).toBe(false);
    expect((await bench.run(params)).changed).toBe(true);
    expect((await bench.run(params)).changed).toBe(false);
    expect(sqlite(`SELECT typeof(n), typeof(x), ok, t FROM "the ""t""" ORDER BY n`)).toBe(
      'integer|real|1|2024-03-01T10:00:00\ninteger|real|0|\n',
    );
    const back = (await bench.rows({ from: { sqlite: 'a.db', table: 'the "t"' } })) as Fields[];
    expect(back.map(({ name, n }) => [name, n] as Value)).toEqual(rows.map(({ name, n }) => [name, n]));
    const other: Fields = { ...params, steps: [...read, { sort: '-n' }] };
    expect((await bench.run(other, { check: true })).changed).toBe(true);
    expect((await bench.run(other)).changed).toBe(true);
  });

  test('rows are added', async () => {
    const params: Fields = { from: [{ a: "it's" }], to: { sqlite: 'a.db', table: 'log', mode: 'append' } };
    await bench.run(params);
    await bench.run(params);
    expect(sqlite('SELECT count(*), min(a) FROM log')).toBe("2|it's\n");
  });

  test.each<[Fields, string]>([
    [{ from: { sqlite: 'a.db', query: 'SELECT nope' } }, 'from: a.db cannot be read as a table: no such column: nope'],
    [{ from: { sqlite: 'none.db', table: 't' } }, 'from: none.db cannot be read as a table: no such file or folder'],
    [{ from: { sqlite: 'a.db' } }, 'from.sqlite: a database needs either table or query'],
    [
      { from: { sqlite: 'a.db', query: 'DELETE FROM log' } },
      'from: a.db cannot be read as a table: attempt to write a readonly database',
    ],
  ])('%s', async (params, words) => {
    expect(await bench.fault(params)).toContain(words);
  });
});

test('much more than the memory goes on on the disk, and nothing is left there', async () => {
  const left = () =>
    readdirSync(tmpdir()).filter((name) => name.startsWith('play-table-') && !name.includes('test')).length;
  const before = left();
  const { fields } = await bench.run({
    from: [{ a: 1 }],
    sql: 'SELECT i, md5(i::VARCHAR) AS x, md5((i * 7)::VARCHAR) AS y FROM range(1500000) r(i) ORDER BY x',
    max_rows: 1,
    memory: '100MB',
    threads: 2,
  });
  expect(fields['row_count']).toBe(1_500_000);
  expect(left()).toBe(before);
});
