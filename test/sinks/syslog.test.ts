import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../src/sinks/record.ts';
import { readSyslogPlace, syslogSink } from '../../src/sinks/syslog.ts';
import { facilities, type SyslogOrigin, syslogMessage } from '../../src/sinks/syslog-message.ts';
import { frames, parseSyslog } from './strict-syslog.ts';

const origin: SyslogOrigin = { facility: 'user', host: 'deploy1', app: 'play', pid: 42 };
const record = (more: Partial<LogRecord> = {}): LogRecord => ({
  t: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  level: 'info',
  message: 'hello',
  run: 'r1',
  playbook: 'site.yml',
  about: { host: 'web1', module: 'log' },
  fields: {},
  ...more,
});
const made = (more: Partial<LogRecord> = {}, from: Partial<SyslogOrigin> = {}) =>
  parseSyslog(syslogMessage(record(more), { ...origin, ...from }, 2048));

describe('a message', () => {
  test('has all that the standard wants', () => {
    expect(made()).toEqual({
      facility: 1,
      severity: 6,
      time: '2026-01-02T03:04:05.006Z',
      host: 'deploy1',
      app: 'play',
      pid: '42',
      id: 'log',
      data: { 'play@32473': { run: 'r1', playbook: 'site.yml', host: 'web1', module: 'log' } },
      message: 'hello',
    });
  });

  test.each([
    ['debug', 7],
    ['info', 6],
    ['warning', 4],
    ['error', 3],
    ['critical', 2],
  ] as const)('%s is severity %i', (level, severity) => expect(made({ level }).severity).toBe(severity));

  test.each(Object.entries(facilities))('facility %s', (facility, number) =>
    expect(made({}, { facility: facility as keyof typeof facilities }).facility).toBe(number),
  );

  test('values with quotes, brackets, backslashes, other scripts', () => {
    const fields = { a: '"q" ] \\ [x]', b: 'Ünal 山', n: 3, list: [1, { x: ']' }] };
    expect(made({ fields }).data['fields@32473']).toEqual({ ...fields, n: '3', list: '[1,{"x":"]"}]' });
  });

  test('names that the standard does not allow', () => {
    const fields = { 'a b=c]"': '1', ['x'.repeat(40)]: '2', ü: '3' };
    expect(made({ fields }).data['fields@32473']).toEqual({ a_b_c__: '1', ['x'.repeat(32)]: '2', _: '3' });
  });

  test('several lines and control characters become one line', () => {
    expect(made({ message: 'one\ntwo\u0007\u001b[31m' }).message).toBe('one | two\\x07\\x1b[31m');
  });

  test('host and program with what they may not have', () => {
    expect(made({}, { host: 'büro 1', app: '' })).toMatchObject({ host: 'b_ro_1', app: '-' });
  });

  test('what is too long is cut between two characters', () => {
    const bytes = syslogMessage(record({ message: 'ü'.repeat(5000) }), origin, 2048);
    expect(bytes.length).toBeLessThanOrEqual(2048);
    expect(bytes.length).toBeGreaterThan(2040);
    expect(parseSyslog(bytes).message).toMatch(/^ü+$/);
  });
});

describe('ways', () => {
  test('UDP: a datagram for each', async () => {
    const server = createSocket('udp4');
    const got: Buffer[] = [];
    server.on('message', (message) => got.push(message));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const sink = syslogSink({ by: 'udp', host: '127.0.0.1', port: server.address().port }, origin, 'info');
    for (let i = 0; i < 50; i++) sink.write(record({ message: `number ${i}` }));
    await sink.close();
    await expect.poll(() => got.length).toBe(50);
    expect(got.map((each) => parseSyslog(each).message)).toEqual(Array.from({ length: 50 }, (_, i) => `number ${i}`));
    server.close();
  });

  test.each(['tcp', 'unix'] as const)('%s: each with its length before it', async (by) => {
    const dir = mkdtempSync(join(tmpdir(), 'play-syslog-'));
    const path = join(dir, 'log.sock');
    let whole: Promise<Buffer> | undefined;
    const server = createServer((socket) => {
      whole = buffer(socket);
    });
    if (by === 'unix') server.listen(path);
    else server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const place =
      by === 'unix' ? { by, path } : { by, host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const sink = syslogSink(place, origin, 'info');
    const messages = [
      'one\ntwo',
      'Grüße 12 <13>',
      'x'.repeat(50_000),
      ...Array.from({ length: 500 }, (_, i) => `${i}`),
    ];
    for (const message of messages) sink.write(record({ message }));
    await sink.close();
    const got = frames((await whole) ?? Buffer.alloc(0)).map((each) => parseSyslog(each).message);
    expect(got).toEqual(messages.map((message) => message.replace('\n', ' | ')));
    server.close();
    rmSync(dir, { recursive: true });
  });

  test('nobody there', async () => {
    const sink = syslogSink({ by: 'unix', path: '/nowhere/log.sock' }, origin, 'info');
    sink.write(record());
    await expect(sink.close()).rejects.toThrow('there is no such socket');
  });

  test('a receiver that goes', async () => {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sink = syslogSink(
      { by: 'tcp', host: '127.0.0.1', port: (server.address() as AddressInfo).port },
      origin,
      'info',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    sink.write(record());
    await expect(sink.close()).rejects.toThrow('it closed the connection');
    server.close();
  });

  test.each([
    ['udp://logs:514', { by: 'udp', host: 'logs', port: 514 }],
    ['udp://logs', { by: 'udp', host: 'logs', port: 514 }],
    ['tcp://logs', { by: 'tcp', host: 'logs', port: 601 }],
    ['tcp://[2001:db8::1]:6514', { by: 'tcp', host: '2001:db8::1', port: 6514 }],
    ['unix:/dev/log', { by: 'unix', path: '/dev/log' }],
    ['unix:///run/a b', { by: 'unix', path: '/run/a b' }],
    ['http://logs', undefined],
    ['udp://logs:99999', undefined],
    ['udp://a b', undefined],
    ['unix:dev', undefined],
  ])('%s', (text, place) => expect(readSyslogPlace(text)).toEqual(place));
});
