import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileSink, type LogFile } from '../../src/sinks/log-file.ts';
import { formatted } from '../../src/sinks/log-formats.ts';
import type { LogRecord } from '../../src/sinks/record.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'play-log-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const start = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const record = (message: string, t = start, more: Partial<LogRecord> = {}): LogRecord => ({
  t,
  level: 'info',
  message,
  run: 'r1',
  playbook: 'site.yml',
  about: { host: 'web1' },
  fields: {},
  ...more,
});
const open = (more: Partial<LogFile> = {}, now = () => start) =>
  fileSink({ path: join(dir, 'play.log'), format: 'text', least: 'info', keep: 3, ...more }, now);
const read = (name: string): string => readFileSync(join(dir, name), 'utf8');

describe('formats', () => {
  const odd = record('two "x"\nlines\u001b', start, { level: 'warning', fields: { user: 'Ünal B', n: 1, gone: null } });
  test('text', () => {
    expect(formatted(odd, 'text')).toBe(
      '2026-01-02T03:04:05.006Z WARNING  web1 two "x" user="Ünal B" n=1 gone=null\n    lines\\x1b\n',
    );
  });
  test('json', () => {
    const line = formatted(odd, 'json');
    expect(line.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(line)).toEqual({
      time: '2026-01-02T03:04:05.006Z',
      level: 'warning',
      message: 'two "x"\nlines\u001b',
      run: 'r1',
      playbook: 'site.yml',
      host: 'web1',
      fields: { user: 'Ünal B', n: 1, gone: null },
    });
  });
  test('logfmt', () => {
    expect(formatted(odd, 'logfmt')).toBe(
      'time=2026-01-02T03:04:05.006Z level=warning msg="two \\"x\\"\\nlines\\u001b" run=r1 playbook=site.yml host=web1 user="Ünal B" n=1 gone=null\n',
    );
  });
});

describe('files', () => {
  test('are added to, and only their owner reads them', async () => {
    for (const message of ['one', 'two']) {
      const sink = open();
      sink.write(record(message));
      await sink.close();
    }
    expect(read('play.log')).toMatch(/one\n.*two\n$/);
    expect(statSync(join(dir, 'play.log')).mode & 0o777).toBe(0o600);
  });

  test('turn before they are too large; so many are kept, and no record is cut or lost', async () => {
    const sink = open({ size: 120 });
    for (let i = 0; i < 20; i++) sink.write(record(`number ${i}`));
    await sink.close();
    expect(readdirSync(dir).sort()).toEqual(['play.log', 'play.log.1', 'play.log.2', 'play.log.3']);
    const lines = ['play.log.3', 'play.log.2', 'play.log.1', 'play.log'].map(read).join('');
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).size).toBeLessThanOrEqual(120);
    expect(lines.match(/number \d+/g)).toEqual(Array.from({ length: 8 }, (_, i) => `number ${i + 12}`));
  });

  test('a record that is larger than a file has one of its own', async () => {
    const sink = open({ size: 100 });
    for (const message of ['a', 'x'.repeat(300), 'b']) sink.write(record(message));
    await sink.close();
    expect([read('play.log.2'), read('play.log.1'), read('play.log')].map((text) => text.split('\n').length)).toEqual([
      2, 2, 2,
    ]);
  });

  test('turn when their first record is too old, also one of an earlier run', async () => {
    let now = start;
    const hour = 3_600_000;
    const first = open({ age: 24 * hour }, () => now);
    first.write(record('one'));
    await first.close();
    now += 23 * hour;
    const second = open({ age: 24 * hour }, () => now);
    second.write(record('two', now));
    now += 2 * hour;
    second.write(record('three', now));
    await second.close();
    expect(read('play.log.1').match(/one|two|three/g)).toEqual(['one', 'two']);
    expect(read('play.log').match(/one|two|three/g)).toEqual(['three']);
  });

  test('none is kept', async () => {
    const sink = open({ size: 60, keep: 0 });
    for (const message of ['one', 'two']) sink.write(record(message));
    await sink.close();
    expect(readdirSync(dir)).toEqual(['play.log']);
    expect(read('play.log')).toContain('two');
  });

  test('one that somebody has moved away is begun anew', async () => {
    const sink = open();
    sink.write(record('one'));
    renameSync(join(dir, 'play.log'), join(dir, 'moved'));
    sink.write(record('two'));
    await sink.close();
    expect([read('moved'), read('play.log')].map((text) => /one|two/.exec(text)?.[0])).toEqual(['one', 'two']);
  });

  test('a folder that is missing is made', async () => {
    await open({ path: join(dir, 'a/b/play.log') }).close();
    expect(existsSync(join(dir, 'a/b/play.log'))).toBe(true);
  });

  test('a full disk is told at the end', async () => {
    const sink = open({ path: '/dev/full' });
    sink.write(record('one'));
    await expect(sink.close()).rejects.toThrow('no space left');
  });
});
