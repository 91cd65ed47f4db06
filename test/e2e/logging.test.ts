import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDesk, type Desk } from '../rig/cli.ts';
import { startHook } from '../sinks/hook.ts';
import { parseSyslog } from '../sinks/strict-syslog.ts';

const plays = `plays:
  - hosts: localhost
    tasks:
      - log: deploying to {{host.name}}
      - log: { level: warning, msg: disk is nearly full, fields: { used: 93, disk: '/ü "x"' } }
      - log: { level: debug, msg: for the curious }
      - log: { level: critical, msg: over and out }
        when: false
      - command: echo hi
      - { name: no matter, command: 'false', ignore_errors: true }
`;

describe('logging', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await createDesk();
  });
  afterAll(() => desk?.[Symbol.asyncDispose]());
  const read = (name: string): string => readFileSync(join(desk.dir, name), 'utf8');
  const run = (logging: string, args: string[] = []) => {
    desk.file('site.yml', `name: Logs\nlogging:\n${logging}\n${plays}`);
    return desk.play(['site.yml', '-o', 'lines', ...args]);
  };
  const rows = (name: string) =>
    read(name)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  test('a file beside the playbook has one record for each thing that happened', async () => {
    const { exit, stdout } = await run('  file: logs/run.jsonl');
    expect(exit).toBe(0);
    const found = rows('logs/run.jsonl');
    expect(found.map(({ level, message }) => `${level} ${message}`.replace(/after [\d.]+ s/, 'after'))).toEqual([
      'info run of Logs begins on 1 host',
      'info deploying to localhost',
      'warning disk is nearly full',
      'info changed: command echo hi',
      'warning failed: no matter: exited with 1',
      'info run ends after with exit code 0',
    ]);
    expect(found[2]).toMatchObject({
      host: 'localhost',
      module: 'log',
      source: 'site.yml:8',
      fields: { used: 93, disk: '/ü "x"' },
    });
    expect(new Set(found.map((one) => one.run)).size).toBe(1);
    expect(stdout).toContain('warning: disk is nearly full used=93');
    expect(stdout).not.toContain('debug: for the curious');
  });

  test('levels: of all, of one, by -v', async () => {
    const logging = '  level: warning\n  file: [a.jsonl, { path: b.jsonl, level: debug }]';
    await run(logging);
    expect(rows('a.jsonl').map((one) => one.level)).toEqual(['warning', 'warning']);
    expect(rows('b.jsonl').some((one) => one.message === 'for the curious')).toBe(true);
    rmSync(join(desk.dir, 'a.jsonl'));
    const { stdout } = await run(logging, ['-v']);
    expect(rows('a.jsonl').some((one) => one.message === 'for the curious')).toBe(true);
    expect(stdout).toContain('debug: for the curious');
  });

  test('--log-file needs nothing in the playbook', async () => {
    desk.file('site.yml', plays);
    await desk.play(['site.yml', '--log-file', 'play.log']);
    await desk.play(['site.yml', '--log-file', 'play.log', '--check']);
    const text = read('play.log');
    expect(text).toMatch(/^[\d:.TZ-]+ INFO {5}- run of site.yml begins on 1 host$/m);
    expect(text).toMatch(/^[\d:.TZ-]+ WARNING {2}localhost disk is nearly full used=93 disk="\/ü \\"x\\""$/m);
    expect(text).toMatch(/INFO {5}- check of site.yml begins/);
  });

  test('syslog and a webhook', async () => {
    await using hook = await startHook();
    const server = createSocket('udp4');
    const got: Buffer[] = [];
    server.on('message', (message) => got.push(message));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    await run(
      `  syslog: { to: 'udp://127.0.0.1:${server.address().port}', facility: local3, app: shop }\n  webhook: ${hook.url}/logs`,
    );
    await expect.poll(() => got.length).toBe(6);
    server.close();
    expect(got.map(parseSyslog)[2]).toMatchObject({
      facility: 19,
      severity: 4,
      app: 'shop',
      id: 'log',
      message: 'disk is nearly full',
      data: { 'fields@32473': { used: '93', disk: '/ü "x"' } },
    });
    expect(hook.told.map(({ body }) => body.records.length)).toEqual([6]);
    expect(hook.told[0]!.body.records[2]).toMatchObject({ level: 'warning', fields: { used: 93 } });
  });

  test('what is lost is told and changes nothing else', async () => {
    await using hook = await startHook();
    const { exit, stdout, stderr } = await run(
      `  syslog: tcp://127.0.0.1:1\n  webhook: ${hook.url}/bad\n  file: kept.log`,
    );
    expect(stdout).toContain('✔ done');
    expect(exit).toBe(13);
    expect(stderr).toContain(
      '[E_LOG_LOST] the log is not complete: syslog at tcp://127.0.0.1:1: nothing listens there',
    );
    expect(stderr).toContain(`webhook at ${hook.url}: it answers 500: no thanks (6 records are lost)`);
    expect(read('kept.log')).toContain('run ends');
  });

  test('no run without its log', async () => {
    const { exit, stderr } = await run('  file: /proc/no/such.log');
    expect(exit).toBe(2);
    expect(stderr).toContain('the log cannot go to /proc/no/such.log');
    expect(existsSync(join(desk.dir, 'hi'))).toBe(false);
  });

  test.each([
    ['  level: loud', '"level" cannot be "loud"'],
    ['  fil: x', 'did you mean "file"?'],
    ['  file: { path: x, rotate: { size: big } }', '"size" must be a size such as 10M'],
    ['  file: { path: x, rotate: { age: 3 } }', '"age" must be a time such as 12h'],
    ['  file: { format: xml, path: x }', '"format" cannot be "xml"'],
    ['  file: { level: info }', 'has no "path"'],
    ['  syslog: logs.example.com', '"to" must be udp://HOST:PORT'],
    ["  syslog: { to: 'udp://x', facility: mail }", '"facility" cannot be "mail"'],
    ['  webhook: x', 'must be a web address'],
    ["  file: '{{nope}}.log'", 'nope'],
  ])('a mistake is found before the run: %s', async (logging, words) => {
    const { exit, stderr } = await run(logging);
    expect(exit).toBe(2);
    expect(stderr).toContain(words);
  });
});
