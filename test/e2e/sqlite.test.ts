import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { openStage, type Stage, type Story } from './stage.ts';

/* Databases of hosts behind a real sshd and of this machine, looked at with the sqlite3 program beside play. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('ssh', 2);
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

const place = (host: string): string => join(stage.rig?.accounts['app']?.home ?? '', 'places', host);
const look = (db: string, sql: string): string => execFileSync('sqlite3', [db, sql], { encoding: 'utf8' }).trim();
const goods = 'CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, price REAL)';
/** A play for the first host, whose tasks have `db`. */
const book = (...tasks: object[]): string =>
  JSON.stringify([{ hosts: 'web1', vars: { db: '{{place}}/shop.db' }, tasks }]);
const sql = (args: object, more: object = {}): object => ({ sqlite: { db: '{{db}}', ...args }, ...more });
const registered = ({ events }: Story, name: string): Value | undefined =>
  events.findLast((event) => event.type === 'register' && event.name === name) as Value | undefined;
const value = (story: Story, name = 'got'): unknown =>
  (registered(story, name) as { value: unknown } | undefined)?.value;

describe('sqlite', () => {
  test('makes a table once, fills it, reads it; a second run changes nothing', async () => {
    const text = book(
      sql({ query: goods.replace('TABLE', 'TABLE IF NOT EXISTS') }),
      sql(
        {
          query: 'INSERT OR IGNORE INTO goods (name, price) VALUES (?, ?)',
          rows: [
            ['pen', 1.5],
            ['ink', 12],
          ],
        },
        { register: 'put' },
      ),
      sql(
        { query: 'SELECT name, price FROM goods WHERE price > :least', named_args: { least: 2 } },
        { register: 'got' },
      ),
    );
    const first = await stage.run(text);
    expect(first.exit, first.stdout).toBe(0);
    expect(first.did('web1').map((line) => line.split(' ')[0])).toEqual(['changed', 'changed', 'ok']);
    expect(value(first, 'put')).toMatchObject({ changes: 2, last_row_id: 2 });
    expect(value(first)).toMatchObject({ rows: [{ name: 'ink', price: 12 }], columns: ['name', 'price'], changes: 0 });
    const second = await stage.run(text);
    expect(second.did('web1').map((line) => line.split(' ')[0])).toEqual(['ok', 'ok', 'ok']);
    expect(look(join(place('web1'), 'shop.db'), 'SELECT count(*) FROM goods')).toBe('2');
  });

  test('no value is ever read as SQL or as a command of the program', async () => {
    const hostile = [
      "'); DROP TABLE goods; --",
      '\n.shell touch oops\n',
      '"\\u0027; .quit',
      '--',
      '?1 :name',
      'ünï\t"',
      '',
    ];
    const story = await stage.run(
      book(
        sql({ query: goods }),
        sql({ query: 'INSERT INTO goods (name) VALUES (:name)', rows: hostile.map((name) => ({ name })) }),
        sql({ query: 'SELECT name FROM goods ORDER BY id' }, { register: 'got' }),
      ),
    );
    expect(story.exit, story.stdout).toBe(0);
    expect(value(story)).toMatchObject({ rows: hostile.map((name) => ({ name })) });
    expect(existsSync(join(place('web1'), 'oops'))).toBe(false);
  });

  test('keeps what JSON cannot say: bytes, whole numbers beyond 2^53, no value', async () => {
    const story = await stage.run(
      book(
        sql(
          {
            query:
              'SELECT ?1 AS bytes, typeof(?1) AS kind, 9007199254740993 AS big, 42 AS small, NULL AS none, ?2 AS yes, 0.1 + 0.2 AS real, CAST(?3 AS INTEGER) + 1 AS more',
            positional_args: [{ base64: 'AP8=' }, true, '9007199254740992'],
          },
          { register: 'got' },
        ),
      ).replace('{{place}}/shop.db', ':memory:'),
    );
    expect(story.exit, story.stdout).toBe(0);
    const row = { bytes: { base64: 'AP8=' }, kind: 'blob', big: '9007199254740993', small: 42, none: null, yes: 1 };
    expect(value(story)).toMatchObject({ rows: [{ ...row, real: 0.1 + 0.2, more: '9007199254740993' }] });
  });

  test('all or nothing: what fails leaves nothing behind, and says so in the words of SQLite', async () => {
    const story = await stage.run(
      book(
        sql({ query: goods }),
        sql(
          {
            query:
              "INSERT INTO goods (name) VALUES ('a'); INSERT INTO goods (name) VALUES ('b'); INSERT INTO goods (name) VALUES ('a')",
          },
          { ignore_errors: true },
        ),
        sql({ query: 'INSERT INTO goods (name) VALUES (?)', rows: [['c'], ['c']] }, { ignore_errors: true }),
        sql(
          { query: "INSERT INTO goods (name) VALUES ('d'); INSERT INTO goods (name) VALUES ('d')", transaction: false },
          { ignore_errors: true },
        ),
        sql({ query: 'SELEC 1' }, { ignore_errors: true }),
        sql({ query: 'SELECT * FROM shelves' }, { ignore_errors: true }),
        sql({ query: 'VACUUM' }, { ignore_errors: true }),
        sql({ query: 'SELECT group_concat(name) AS names FROM goods' }, { register: 'got' }),
      ),
    );
    const failures = story.events.flatMap((event) =>
      event.type === 'step-end' && event.failure ? [event.failure.message] : [],
    );
    expect(failures).toEqual([
      'UNIQUE constraint failed: goods.name',
      'UNIQUE constraint failed: goods.name',
      'UNIQUE constraint failed: goods.name',
      'near "SELEC": syntax error',
      'no such table: shelves',
      'cannot VACUUM from within a transaction; transaction: false runs it without one',
    ]);
    expect(value(story)).toMatchObject({ rows: [{ names: 'd' }] });
  });

  test('what is no SQL is refused before the host is asked', async () => {
    const said = async (args: object): Promise<string> => (await stage.run(book(sql(args)))).told('web1', 'sqlite');
    expect(await said({ query: '.shell id' })).toContain('".shell id" is a command of the sqlite3 program and not SQL');
    expect(await said({ query: "SELECT 'a" })).toContain("the SQL has a ' without its end");
    expect(await said({ query: 'SELECT :a, :b', named_args: { a: 1 } })).toContain('there is no value for :b');
    expect(await said({ query: 'SELECT ?', positional_args: [1, 2] })).toContain(
      'the SQL has places for 1 values, and 2 are given',
    );
    expect(await said({ query: 'SELECT ?', positional_args: [[1]] })).toContain('the value of ?1 is a list');
    expect(await said({ query: 'SELECT ?', rows: [[1], []] })).toContain('and 0 are given (row 2)');
  });

  test('check mode opens it to read: it tells what would change, runs what only reads, and changes no byte', async () => {
    await stage.run(book(sql({ query: goods }), sql({ query: "INSERT INTO goods (name) VALUES ('a')" })));
    const path = join(place('web1'), 'shop.db');
    const before = [readFileSync(path), statSync(path).mtimeMs];
    const story = await stage.run(
      book(
        sql({ query: "UPDATE goods SET name = 'b'" }),
        sql({ query: 'SELECT name FROM goods' }, { register: 'got' }),
        sql({ query: goods.replace('TABLE', 'TABLE IF NOT EXISTS') }),
        sql({ query: 'DELETE FROM shelves' }),
        sql({ backup: '{{place}}/copy.db' }),
      ),
      ['--check'],
    );
    expect(story.did('web1').map((line) => line.split(' ')[0])).toEqual([
      'would-change',
      'ok',
      'ok',
      'unknown',
      'would-change',
    ]);
    expect(story.told('web1', 'sqlite')).toBeTruthy();
    expect(value(story)).toMatchObject({ rows: [{ name: 'a' }] });
    expect([readFileSync(path), statSync(path).mtimeMs]).toEqual(before);
    expect(existsSync(join(place('web1'), 'copy.db'))).toBe(false);
  });

  test('reading never makes a database, and a trigger is one statement', async () => {
    const missing = await stage.run(book(sql({ query: 'SELECT 1 FROM goods' })));
    expect(missing.told('web1', 'sqlite')).toContain('unable to open database');
    expect(existsSync(join(place('web1'), 'shop.db'))).toBe(false);
    stage.desk.file(
      'files/schema.sql',
      `${goods};
CREATE TABLE log (what TEXT); -- one; two
CREATE TRIGGER IF NOT EXISTS noted AFTER INSERT ON goods BEGIN
  INSERT INTO log VALUES ('new; ' || new.name);
  UPDATE goods SET price = 1 WHERE id = new.id;
END;
PRAGMA user_version = 3;
`,
    );
    const made = await stage.run(
      book(
        sql({ script: 'schema.sql' }),
        sql({ query: "INSERT INTO goods (name) VALUES ('x')" }),
        sql({ query: 'SELECT what FROM log' }, { register: 'got' }),
      ),
    );
    expect(made.exit, made.stdout).toBe(0);
    expect(value(made)).toMatchObject({ rows: [{ what: 'new; x' }] });
    expect(look(join(place('web1'), 'shop.db'), 'PRAGMA user_version')).toBe('3');
  });

  test('copies all of it while another program has it open, and only when it is another one', async () => {
    const text = book(sql({ backup: "{{place}}/it's a copy.db" }, { register: 'got' }));
    await stage.run(book(sql({ query: goods }), sql({ query: "INSERT INTO goods (name) VALUES ('a')" })));
    const first = await stage.run(text);
    expect(first.did('web1')[0]).toMatch(/^changed/);
    expect(look(join(place('web1'), "it's a copy.db"), 'SELECT name FROM goods')).toBe('a');
    expect((await stage.run(text)).did('web1')[0]).toMatch(/^ok/);
    expect(existsSync(join(place('web1'), "it's a copy.db.part"))).toBe(false);
  });

  test('imports and exports CSV, TSV, JSON and JSON lines', async () => {
    writeFileSync(join(place('web1'), 'in.csv'), 'id,name,price\r\n1,"pen, red",1.5\r\n2,"say ""hi""\nthere",\r\n');
    writeFileSync(
      join(place('web1'), 'in.ndjson'),
      '{"id": 3, "name": "ink", "price": 12}\n{"id": 4, "name": "nib"}\n',
    );
    const text = book(
      sql({ query: goods }),
      sql({ import: '{{place}}/in.csv', table: 'goods' }, { register: 'got' }),
      sql({ import: '{{place}}/in.ndjson', table: 'goods' }),
      sql({ export: '{{place}}/out.json', query: 'SELECT name, price FROM goods ORDER BY id' }),
      sql({ export: '{{place}}/out.csv', table: 'goods' }),
      sql({ import: '{{place}}/out.json', table: 'o\'the"r' }),
    );
    const story = await stage.run(text);
    expect(story.exit, story.stdout).toBe(0);
    expect(value(story)).toMatchObject({ changes: 2 });
    expect(JSON.parse(readFileSync(join(place('web1'), 'out.json'), 'utf8'))).toEqual([
      { name: 'pen, red', price: 1.5 },
      { name: 'say "hi"\nthere', price: '' },
      { name: 'ink', price: 12 },
      { name: 'nib', price: null },
    ]);
    expect(readFileSync(join(place('web1'), 'out.csv'), 'utf8')).toBe(
      'id,name,price\n1,"pen, red",1.5\n2,"say ""hi""\nthere",\n3,ink,12\n4,nib,\n',
    );
    expect(look(join(place('web1'), 'shop.db'), 'SELECT count(price) FROM "o\'the""r"')).toBe('3');
    const again = await stage.run(book(sql({ export: '{{place}}/out.csv', table: 'goods' })));
    expect(again.did('web1')[0]).toMatch(/^ok/);
  });

  test('a file that is not as it should be imports nothing', async () => {
    writeFileSync(join(place('web1'), 'in.csv'), 'id,name\n1,a\n2\n');
    const story = await stage.run(book(sql({ import: '{{place}}/in.csv', table: 'goods' })));
    expect(story.told('web1', 'sqlite')).toContain('row 2 has 1 fields, and the first line names 2');
    const none = await stage.run(book(sql({ import: '{{place}}/none.csv', table: 'goods' })));
    expect(none.told('web1', 'sqlite')).toMatch(/none\.csv.*No such file|cannot open/i);
  });

  test('many hosts write into one database of this machine, one after the other', async () => {
    const each = (query: string, more: object): object => ({
      sqlite: { db: 'all.db', from: 'controller', query, ...more },
    });
    const story = await stage.run(
      JSON.stringify([
        {
          hosts: 'all',
          tasks: [
            each('CREATE TABLE IF NOT EXISTS seen (host TEXT PRIMARY KEY, n INTEGER)', {}),
            each('INSERT INTO seen VALUES (:host, :n)', { named_args: { host: '{{host.name}}', n: 7 } }),
          ],
        },
      ]),
    );
    expect(story.exit, story.stdout).toBe(0);
    expect(look(join(stage.desk.dir, 'all.db'), 'SELECT host, n FROM seen ORDER BY host')).toBe('web1|7\nweb2|7');
  });

  test('waits for whoever has it locked, as long as is said', async () => {
    await stage.run(book(sql({ query: goods })));
    const path = join(place('web1'), 'shop.db');
    // Others have it for two seconds.
    const holder = spawn('sqlite3', [path], { stdio: ['pipe', 'ignore', 'ignore'] });
    holder.stdin.write('BEGIN EXCLUSIVE;\n');
    setTimeout(() => holder.stdin.end(), 2500);
    const add = (timeout: number): object =>
      sql({ query: "INSERT INTO goods (name) VALUES ('a')", timeout }, { ignore_errors: true });
    const story = await stage.run(book(add(0), add(20)));
    expect(story.told('web1', 'sqlite')).toContain('database is locked; timeout says how long');
    expect(story.did('web1')[1]).toMatch(/^changed/);
  });

  test('a host without the program says what to install', async () => {
    const story = await stage.run(book(sql({ query: 'SELECT 1' }, { env: { PATH: '/nowhere' } })));
    expect(story.told('web1', 'sqlite')).toContain('there is no program sqlite3; install it');
  });
});
