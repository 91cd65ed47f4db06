import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer as createPlain, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type SecureContextOptions, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getCertificate } from '../../../src/modules/both/get_certificate.ts';
import { socket as socketModule } from '../../../src/modules/both/socket.ts';
import { hostWith } from '../../network/host-here.ts';
import { taskContext } from '../../network/task-context.ts';
import { findShells } from '../rig/shells.ts';

const shells = findShells();
afterAll(shells.remove);
const folder = mkdtempSync(join(tmpdir(), 'play-tls-'));
const at = (name: string): string => join(folder, name);
const servers: Server[] = [];
const ports: Record<string, number> = {};

/** A certificate that has signed itself. */
function make(name: string, days: string, names = 'DNS:localhost,IP:127.0.0.1'): SecureContextOptions {
  const args = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days ${days} -subj /O=Play/CN=${name} -addext subjectAltName=${names}`;
  const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
  const { status, stderr } = spawnSync('openssl', [...args.split(' '), ...files], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { key: readFileSync(at(`${name}.key`)), cert: readFileSync(at(`${name}.pem`)) };
}

async function serve(name: string, server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  ports[name] = (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const good = make('localhost', '30');
  await serve(
    'good',
    createServer(good, (socket) => socket.on('data', (data) => socket.end(`secret ${data}`))),
  );
  await serve('other', createServer(make('other', '400', 'DNS:other.example.com')));
  await serve(
    'plain',
    createPlain((socket) => socket.on('data', () => socket.end('no TLS here\n'))),
  );
  await serve(
    'silent',
    createPlain(() => undefined),
  );
  const dialogue: Record<string, [RegExp, string][]> = {
    smtp: [
      [/^EHLO .*\r\n$/, '250-mail\r\n250-STARTTLS\r\n250 OK\r\n'],
      [/^STARTTLS\r\n$/, '220 go\r\n'],
    ],
    imap: [
      [/^(\S+) CAPABILITY\r\n$/, '* CAPABILITY IMAP4rev1 STARTTLS\r\n$1 OK done\r\n'],
      [/^(\S+) STARTTLS\r\n$/, '$1 OK go\r\n'],
    ],
    pop3: [[/^STLS\r\n$/, '+OK go\r\n']],
    refusing: [[/^(EHLO .*|STARTTLS)\r\n$/, '502 no\r\n']],
  };
  const greetings: Record<string, string> = { imap: '* OK ready\r\n', pop3: '+OK ready\r\n' };
  for (const [name, steps] of Object.entries(dialogue)) {
    await serve(
      name,
      createPlain((socket) => {
        socket.write(greetings[name] ?? '220 ready\r\n');
        const talk = (data: Buffer): void => {
          const said = data.toString('latin1');
          const step = steps.find(([expected]) => expected.test(said));
          if (!step) return void socket.destroy();
          socket.write(said.replace(step[0], step[1]));
          if (step !== steps.at(-1) || name === 'refusing') return;
          socket.off('data', talk);
          new TLSSocket(socket, { isServer: true, ...good }).on('error', () => undefined);
        };
        socket.on('data', talk).on('error', () => undefined);
      }),
    );
  }
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

const look = (name: string, params: object = {}) =>
  getCertificate.run({ host: 'localhost', port: ports[name]!, timeout: 3, ...params } as never, taskContext());

describe('get_certificate', () => {
  test('tells what openssl tells', async () => {
    const { failed, fields } = await look('good');
    expect(failed).toBeUndefined();
    const said = spawnSync(
      'openssl',
      ['x509', '-in', at('localhost.pem'), '-noout', '-serial', '-fingerprint', '-sha256'],
      {
        encoding: 'utf8',
      },
    ).stdout;
    expect(said).toContain(`serial=${fields['serial_number']}`);
    expect(said).toContain(`Fingerprint=${fields['fingerprint_sha256']}`);
    expect(fields).toMatchObject({
      subject: { O: 'Play', CN: 'localhost' },
      issuer: { O: 'Play', CN: 'localhost' },
      subject_alt_name: ['DNS:localhost', 'IP:127.0.0.1'],
      expired: false,
      days_left: 29,
      verified: false,
      verify_error: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      name_matches: true,
      not_after: expect.stringMatching(/^\d{14}Z$/),
    });
    expect(fields['cert']).toBe(readFileSync(at('localhost.pem'), 'utf8'));
  });

  test('believes what it is told to believe', async () => {
    const { fields } = await look('good', { ca_cert: at('localhost.pem') });
    expect(fields).toMatchObject({ verified: true, verify_error: '' });
  });

  test('says when it is for another name', async () => {
    expect((await look('other')).fields).toMatchObject({ name_matches: false, subject: { CN: 'other' } });
    expect((await look('other', { server_name: 'other.example.com' })).fields).toMatchObject({ name_matches: true });
    expect((await look('good', { host: '127.0.0.1' })).fields).toMatchObject({ name_matches: true });
  });

  test.each(['smtp', 'imap', 'pop3'])('begins with %s', async (starttls) => {
    expect((await look(starttls, { starttls })).fields).toMatchObject({ subject: { CN: 'localhost' } });
  });

  test.each([
    ['plain', {}, / does not speak TLS: [a-z ]+$/],
    ['silent', { timeout: 0.3 }, /: no answer in 0.3 s$/],
    ['refusing', { starttls: 'smtp' }, /^STARTTLS was refused: 502 no$/],
    ['good', { host: '198.51.100.1' }, /^198.51.100.1 is neither a host of the inventory nor allowed/],
    ['good', { port: 3 }, /^localhost port 3: nothing listens there \(refused\)$/],
  ])('fails with %s %j', async (name, params, words) => {
    expect((await look(name, params)).failed).toMatch(words);
  });
});

/* The host that looks is this machine, too, so that both see the same. */
describe('from the host, by its openssl', () => {
  const visit = hostWith(['/bin/sh'], process.env['PATH'] ?? '');
  const without = hostWith(['/bin/sh'], shells.pathOf('ash', []));
  const fromHost = (name: string, params: object = {}, host = visit) =>
    getCertificate.run(
      { host: 'localhost', port: ports[name]!, timeout: 3, from: 'target', ...params } as never,
      taskContext({ visit: host }),
    );

  test.each([
    ['good', {}],
    ['good', { host: '127.0.0.1' }],
    ['good', { ca_cert: at('localhost.pem') }],
    ['other', {}],
    ['other', { server_name: 'other.example.com' }],
    ['smtp', { starttls: 'smtp' }],
    ['imap', { starttls: 'imap' }],
    ['pop3', { starttls: 'pop3' }],
  ])('%s %j is told as this machine tells it', async (name, params) => {
    const { failed, fields } = await fromHost(name, params);
    expect(failed).toBeUndefined();
    expect(fields).toEqual((await look(name, params)).fields);
  });

  test.each([
    ['plain', {}, /^localhost port \d+ does not speak TLS: [a-z ]+$/],
    ['silent', { timeout: 1 }, /: no answer in 1 s$/],
    ['refusing', { starttls: 'smtp' }, /^localhost port \d+: STARTTLS was refused$/],
    ['good', { host: '198.51.100.1' }, /^198.51.100.1 is neither a host of the inventory nor allowed/],
    ['good', { port: 3 }, /^localhost port 3: nothing listens there \(refused\)$/],
  ])('fails with %s %j', async (name, params, words) => {
    expect((await fromHost(name, params)).failed).toMatch(words);
  });

  test('says what is missing, and whose file is meant', async () => {
    expect((await fromHost('good', {}, without)).failed).toBe(
      'looking at certificates needs openssl on the host, and it has none',
    );
    await expect(fromHost('good', { ca_cert: 'ca.pem' })).rejects.toThrow(
      'ca_cert "ca.pem" is a file of the host, and not absolute',
    );
  });

  test('socket speaks through it', async () => {
    const speak = (params: object, host = visit) =>
      socketModule.run(
        { port: ports['good'], tls: true, send: "x'\n", timeout: 3, from: 'target', ...params } as never,
        taskContext({ visit: host }),
      );
    expect((await speak({ ca_cert: at('localhost.pem') })).fields).toMatchObject({ received: "secret x'\n" });
    expect((await speak({ validate_certs: false, read: 'all' })).fields).toMatchObject({
      received: "secret x'\n",
      ended: 'closed',
    });
    expect((await speak({})).failed).toMatch(/^localhost port \d+: self-signed certificate$/);
    const other = { ca_cert: at('other.pem'), port: ports['other'] };
    expect((await speak(other)).failed).toMatch(/^localhost port \d+: hostname mismatch$/);
    expect((await speak({}, without)).failed).toBe('speaking TLS needs openssl on the host, and it has none');
  });
});

describe('socket over TLS', () => {
  const speak = (params: object) =>
    socketModule.run(
      { host: 'localhost', port: ports['good']!, tls: true, send: 'x', timeout: 3, ...params } as never,
      taskContext(),
    );

  test('speaks when the certificate is believed, or need not be', async () => {
    expect((await speak({ ca_cert: at('localhost.pem') })).fields).toMatchObject({ received: 'secret x' });
    expect((await speak({ validate_certs: false })).fields).toMatchObject({ received: 'secret x' });
  });

  test('fails otherwise', async () => {
    expect((await speak({})).failed).toMatch(/^localhost port \d+: self-signed certificate$/);
    const other = { ca_cert: at('other.pem'), port: ports['other'] };
    expect((await speak(other)).failed).toMatch(/does not match certificate's altnames/);
  });
});
