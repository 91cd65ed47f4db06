import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mail } from '../../src/modules/controller/mail.ts';
import type { MailParams } from '../../src/modules/shared/mail-params.ts';
import { contextIn } from './context.ts';
import { type Certificates, makeCertificates, startMailServer } from './server.ts';

const dir = mkdtempSync(join(tmpdir(), 'play-mail-'));
let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterAll(() => {
  certificates?.remove();
  rmSync(dir, { recursive: true });
});

const base = { host: '127.0.0.1', from: 'a@example.com', to: 'b@example.com', subject: 'hi', body: 'text' };
const login = { username: 'ann', password: 'pass word' };
const send = (params: MailParams, more = {}) => mail.run({ ...base, ...params }, contextIn(dir, more));
/** Names that `ca` may have are looked up beside the playbook, and absolute ones as they are. */
const trusting = () => ({ readFile: async () => (await import('node:fs')).readFileSync(certificates.ca) });
const ca = 'ca.pem';

describe('how a server is spoken to', () => {
  test.each([
    ['try, and the server has no TLS', { secure: 'try' }, {}, { tls: false }],
    ['never, though it has', { secure: 'never' }, { certificates: true }, { tls: false }],
    ['try, and it has', { secure: 'try', ca }, { certificates: true }, { tls: true }],
    ['starttls', { secure: 'starttls', ca }, { certificates: true }, { tls: true }],
    ['always', { secure: 'always', ca }, { certificates: true, tls: true }, { tls: true }],
    ['any certificate', { secure: 'starttls', verify: false }, { certificates: true }, { tls: true }],
    ['a login', { ...login, secure: 'starttls', ca }, { certificates: true, login: true }, { tls: true, user: 'ann' }],
    ['a login on this machine without TLS', login, { login: true }, { tls: false, user: 'ann' }],
    [
      'a token',
      { username: 'ann', token: 'to.ken', secure: 'starttls', ca },
      { certificates: true, login: true },
      { tls: true, user: 'ann' },
    ],
    ['what it calls itself', { ehlohost: 'deploy.example.com' }, {}, { ehlo: 'deploy.example.com' }],
  ] as const)(
    '%s',
    async (_, params, {
      certificates: has,
      ...options
    }: { certificates?: boolean; tls?: boolean; login?: boolean }, wanted) => {
      await using server = await startMailServer({ ...options, ...(has && { certificates }) });
      const result = await send({ ...params, port: server.port }, trusting());
      expect(result.failed).toBeUndefined();
      expect(result).toMatchObject({
        changed: true,
        fields: { accepted: ['b@example.com'], msg: 'Mail sent successfully', result: {} },
      });
      expect(server.received).toMatchObject([{ from: 'a@example.com', to: ['b@example.com'], ...wanted }]);
      expect(server.received[0]!.raw.toString()).toContain(`Message-ID: ${result.fields['message_id']}`);
    },
  );

  test.each([
    [
      'a certificate that is not trusted',
      { secure: 'starttls' },
      { certificates: true },
      'the certificate is not trusted',
    ],
    ['and what to do about it', { secure: 'starttls' }, { certificates: true }, 'or "verify: false"'],
    ['the same with TLS from the start', { secure: 'always' }, { certificates: true, tls: true }, 'give "ca"'],
    ['no STARTTLS where it must be', { secure: 'starttls' }, {}, 'it offers no STARTTLS'],
    [
      'TLS from the start where there is none',
      { secure: 'always', verify: false },
      {},
      'does not speak TLS from the start',
    ],
    ['a wrong password', { ...login, password: 'wrong' }, { login: true }, 'it refuses the login: 535'],
    ['a wrong token', { username: 'ann', token: 'old' }, { login: true }, 'it refuses the login: 535'],
    ['no login where one is needed', {}, { login: true }, '530'],
    ['a sender that it refuses', { from: 'bad@example.com' }, {}, 'it refuses the sender: 550 no such sender'],
    ['a recipient that it refuses', { to: 'refused@example.com' }, {}, 'it refuses all recipients: 550 no such user'],
    ['a message that it refuses', { body: 'REFUSE' }, {}, 'it refuses the message: 554 looks like spam'],
    ['a server that says nothing', { timeout: 0.3 }, { mute: true }, 'no answer within 0.3 s'],
    ['an unknown name', { host: 'no-such-host.invalid' }, {}, 'the name is not known'],
  ] as const)(
    '%s',
    async (_, params, {
      certificates: has,
      ...options
    }: { certificates?: boolean; tls?: boolean; login?: boolean; mute?: boolean }, words) => {
      await using server = await startMailServer({ ...options, ...(has && { certificates }) });
      const result = await send({ ...params, port: server.port } as MailParams, trusting());
      expect(result.failed).toContain(words);
      expect(result.changed).toBe(false);
      expect(result.failed).not.toContain('pass word');
      expect(server.received).toEqual([]);
    },
  );

  test('nothing listens', async () => {
    const server = await startMailServer();
    await server[Symbol.asyncDispose]();
    expect((await send({ port: server.port })).failed).toBe(`127.0.0.1:${server.port}: nothing listens there`);
  });

  test('one recipient of two is refused: the other has it, and both are told', async () => {
    await using server = await startMailServer();
    const result = await send({ to: ['b@example.com', 'refused@example.com'], port: server.port });
    expect(result).toMatchObject({
      changed: true,
      fields: {
        accepted: ['b@example.com'],
        result: { 'refused@example.com': [550, '550 no such user'] },
        msg: 'Failed to send mail to at least one recipient',
      },
      message: 'to b@example.com\nnot to refused@example.com: 550 no such user',
    });
  });

  test('a password does not leave this machine unprotected unless it is said that it may', async () => {
    await using server = await startMailServer({ login: true });
    const elsewhere = { ...login, host: '0.0.0.0', port: server.port };
    const byToken = { host: '0.0.0.0', port: server.port, username: 'ann', token: 'to.ken' };
    expect((await send(byToken)).failed).toContain('"secure: never"');
    expect((await send(elsewhere)).failed).toContain('a password is sent unprotected only with "secure: never"');
    expect((await send({ ...elsewhere, secure: 'never' })).failed).toBeUndefined();
  });
});

describe('what is sent', () => {
  const sent = async (params: MailParams, more = {}): Promise<string> => {
    await using server = await startMailServer();
    const result = await send({ ...params, port: server.port }, more);
    expect(result.failed).toBeUndefined();
    return server.received[0]!.raw.toString();
  };

  test('templates make the text and the HTML', async () => {
    writeFileSync(join(dir, 'mail.txt.hbs'), 'text for {{x}}');
    writeFileSync(join(dir, 'mail.html.hbs'), '<b>{{x}}</b>');
    const renderText = (text: string) => text.replaceAll('{{x}}', 'ann');
    const { body: _, ...bare } = base;
    await using server = await startMailServer();
    const params = { ...bare, template: 'mail.txt.hbs', html_template: 'mail.html.hbs', port: server.port };
    await mail.run(params, contextIn(dir, { renderText }));
    const raw = server.received[0]!.raw.toString();
    expect(raw).toContain('text for ann');
    expect(raw).toContain('<b>ann</b>');
  });

  test('without a text the subject is the text', async () => {
    await using server = await startMailServer();
    const { body: _, ...bare } = base;
    await mail.run({ ...bare, port: server.port }, contextIn(dir));
    expect(server.received[0]!.raw.toString()).toMatch(/\r\n\r\nhi\r\n$/);
  });

  test('body as HTML', async () => {
    expect(await sent({ body: '<b>x</b>', subtype: 'html' })).toContain('Content-Type: text/html; charset=utf-8');
  });

  test("headers in Ansible's form", async () => {
    const raw = await sent({ headers: ['Reply-Path=a=b', 'X-Empty='] });
    expect(raw).toContain('Reply-Path: a=b\r\n');
    expect(raw).not.toContain('X-Mailer');
  });

  test('a file that another task has just written', async () => {
    writeFileSync(join(dir, 'fresh.txt'), 'one');
    await sent({ attach: 'fresh.txt' });
    writeFileSync(join(dir, 'fresh.txt'), 'two');
    expect(await sent({ attach: 'fresh.txt' })).toContain(Buffer.from('two').toString('base64'));
  });
});

describe('check mode', () => {
  test('shows the message and sends nothing', async () => {
    await using server = await startMailServer();
    const params = {
      cc: 'Ünal <c@example.com>',
      html: '<i>x</i>',
      headers: { 'X-A': 1 },
      attach: ['later.csv', { content: 'a', name: 'a.txt' }],
    };
    const result = await send({ ...params, port: server.port }, { check: true });
    expect(result.changed).toBe(true);
    expect(result.message).toBe(
      `would be sent by 127.0.0.1:${server.port}:
From: a@example.com
To: b@example.com
Cc: Ünal <c@example.com>
Subject: hi
X-A: 1

text

HTML:
<i>x</i>

attached: a.txt (1 B)
attached: later.csv, which is not there yet`,
    );
    expect(server.received).toEqual([]);
  });
});

describe('what is refused', () => {
  const cases: [string, MailParams, string][] = [
    [
      'an address with a second line',
      { to: 'b@x.io\r\nBcc: evil@e.io' },
      'it holds a control character or a line break',
    ],
    ['two addresses in one', { to: 'b@x.io, c@x.io' }, 'each address is an entry of its own'],
    ['a name with a second line', { from: 'Ann\nX: y <a@x.io>' }, 'it holds a control character'],
    [
      'a subject with a second line',
      { subject: 'hi\nBcc: evil@e.io' },
      'subject has a control character or a line break',
    ],
    ['a header with a second line', { headers: { 'X-A': 'b\r\nBcc: evil@e.io' } }, 'line break in its value'],
    ['a header with a colon in its name', { headers: { 'X-A: b\r\nBcc': 'x' } }, 'cannot be the name of a header'],
    ['a header that has a parameter', { headers: { bcc: 'x@x.io' } }, 'has a parameter of its own'],
    ['two forms of HTML', { subtype: 'html', html: 'x' }, 'body is HTML already'],
    [
      'a picture that nothing shows',
      { html: '<p>', inline: [{ content: 'x', name: 'a.png' }] },
      'does not show the picture a.png',
    ],
    ['a picture without HTML', { inline: [{ content: 'x', name: 'a.png' }] }, 'there is none'],
    ['a file without a name', { attach: [{ content: 'x' }] }, 'needs a name'],
    ['a file of two kinds', { attach: [{ content: 'x', src: 'y' }] }, 'either src or content'],
    ['a path as a name', { attach: [{ content: 'x', name: '../a' }] }, 'cannot be called "../a"'],
    ['what the character set does not have', { body: '10 €', charset: 'iso-8859-1' }, 'iso-8859-1 has no "€"'],
    ['a password without a name', { password: 'x' }, 'password is given without username'],
    ['no recipient', { to: undefined } as never, 'one of to, cc, bcc is needed'],
  ];
  test.each(cases)('%s', async (_, params, words) => {
    await expect(send(params)).rejects.toThrow(words);
  });

  test('a file that is not there', async () => {
    expect((await send({ attach: 'no.csv' })).failed).toBe('there is no file no.csv to attach');
  });
});
