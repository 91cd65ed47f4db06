import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve, startProxy } from '../http/servers.ts';
import { type MailServer, startMailServer } from '../mail/server.ts';
import { createDesk, type Desk } from '../rig/cli.ts';
import { startHook } from '../sinks/hook.ts';

/* What is told when a run has ended, to real servers. */

describe('report', () => {
  let desk: Desk;
  let hook: Awaited<ReturnType<typeof startHook>>;
  let server: MailServer;
  beforeAll(async () => {
    [desk, hook, server] = await Promise.all([createDesk(), startHook(), startMailServer()]);
  });
  afterAll(async () => {
    await Promise.all([desk, hook, server].map((each) => each?.[Symbol.asyncDispose]()));
  });
  beforeEach(() => {
    hook.told.length = 0;
    server.received.length = 0;
  });

  const tasks = { ok: 'debug: fine', changed: 'command: echo hi', failed: 'fail: <b>no</b> way' };
  const run = (reports: string, how: keyof typeof tasks = 'ok', args: string[] = [], env = {}) => {
    const book = `name: Deploy the shop\nparams: { ops: { type: string, default: ops@example.com } }\nvars: { hook: '${hook.url}' }\nreport:\n${reports}\nplays:\n  - hosts: localhost\n    tasks:\n      - ${tasks[how]}\n`;
    desk.file('site.yml', book);
    return desk.play(['site.yml', '-o', 'lines', ...args], { env });
  };
  const hooks = (on: string): string => `  - { on: ${on}, webhook: '{{hook}}/x' }`;

  test.each([
    ['failure', ['failed']],
    ['change', ['changed']],
    ['always', ['ok', 'changed', 'failed']],
    ['[failure, change]', ['changed', 'failed']],
  ] as const)(
    'on %s',
    async (on, wanted) => {
      for (const how of ['ok', 'changed', 'failed'] as const) {
        const { exit } = await run(hooks(on), how);
        expect(exit).toBe(how === 'failed' ? 3 : 0);
        expect(hook.told.splice(0), how).toHaveLength(wanted.some((one) => one === how) ? 1 : 0);
      }
    },
    60_000,
  );

  test('JSON has all that is known', async () => {
    await run(hooks('always'), 'failed');
    expect(hook.told[0]).toMatchObject({
      path: '/x',
      headers: { 'content-type': 'application/json' },
      body: {
        event: 'run',
        playbook: 'site.yml',
        name: 'Deploy the shop',
        status: 'failed',
        exit: 3,
        check: false,
        interrupted: false,
        changed: 0,
        hosts: { localhost: { failed: 1, ok: 0 } },
        failures: [
          { hosts: ['localhost'], task: 'fail', code: 'E_TASK_FAILED', message: '<b>no</b> way', source: 'site.yml:9' },
        ],
        verdict: expect.stringContaining('Deploy the shop: ✖ failed · 1 of 1 host'),
      },
    });
  });

  test('Slack: text, colour, and no markup by accident', async () => {
    await run(`  - { on: always, webhook: { url: '{{hook}}/x', format: slack, headers: { X-A: 1 } } }`, 'failed');
    const { body, headers } = hook.told[0]!;
    expect(headers['x-a']).toBe('1');
    expect(body.text).toContain('Deploy the shop: ✖ failed');
    expect(body.attachments[0]).toMatchObject({ color: '#c0392b', mrkdwn_in: ['text'] });
    expect(body.attachments[0].text).toContain('&lt;b&gt;no&lt;/b&gt; way');
  });

  test('Teams: a card', async () => {
    await run(`  - { on: always, webhook: { url: '{{hook}}/x', format: teams } }`, 'changed');
    const { type, attachments } = hook.told[0]!.body;
    expect(type).toBe('message');
    expect(attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(attachments[0].content).toMatchObject({
      type: 'AdaptiveCard',
      body: [{ color: 'warning' }, { type: 'FactSet' }, { type: 'TextBlock' }],
    });
  });

  const mail = (more = ''): string =>
    `  - { on: always, mail: { host: 127.0.0.1, port: ${server.port}, from: play@example.com, to: '{{params.ops}}'${more} } }`;

  test('mail has something to say by itself', async () => {
    const { exit } = await run(mail(), 'failed');
    expect(exit).toBe(3);
    const raw = decoded(server.received[0]!.raw);
    expect(server.received[0]!.to).toEqual(['ops@example.com']);
    expect(raw).toContain('<b>no</b> way');
    expect(raw).toContain('failed · 1 of 1 host');
  });

  test('mail in words of its own', async () => {
    await run(
      mail(`, subject: '{{run.status}}: {{run.name}}', body: '{{run.exit}} {{= run.failures[0].message }}'`),
      'failed',
    );
    const raw = server.received[0]!.raw.toString();
    expect(raw).toContain('Subject: failed: Deploy the shop\r\n');
    expect(raw).toMatch(/3 <b>no<\/b> way/);
  });

  test('check mode sends nothing and shows what would be sent', async () => {
    const { stderr, exit } = await run(`${mail()}\n${hooks('always')}`, 'ok', ['--check']);
    expect(exit).toBe(0);
    expect([...hook.told, ...server.received]).toEqual([]);
    expect(stderr).toContain('report by mail, would be sent by 127.0.0.1');
    expect(stderr).toContain('Subject: Deploy the shop: ✔ checked');
    expect(stderr).toContain(`report by webhook, would be sent to ${hook.url}:\n{\n  "event": "run"`);
  });

  test.each([
    ['bad', 'it answers 500: no thanks'],
    ['away', 'it answers 302'],
  ])('one that is not taken (%s) is told, stops no other, and counts where all else went well', async (path, words) => {
    const reports = `  - { on: always, webhook: '{{hook}}/${path}/s3cret' }\n${mail()}`;
    const fine = await run(reports);
    expect(fine.exit).toBe(13);
    expect(fine.stderr).toContain(`[E_REPORT_LOST] the report was not sent by webhook: ${hook.url}: ${words}`);
    expect(fine.stdout).toContain('✔ done');
    expect(fine.stderr).not.toContain('s3cret');
    expect(server.received).toHaveLength(1);
    expect(hook.told.map((each) => each.path)).toEqual([`/${path}/s3cret`]);
    expect((await run(reports, 'failed')).exit).toBe(3);
  });

  test('--set may give what only a report reads', async () => {
    const { exit } = await run(hooks('always'), 'ok', ['--set', `hook=${hook.url}/set`]);
    expect([exit, hook.told[0]?.path]).toEqual([0, '/set/x']);
  });

  test('an encrypted address is opened for a run, and lint without the key says nothing wrong about it', async () => {
    const recipient = (await desk.play(['secret', 'keygen'])).stdout.trim();
    const locked = execFileSync('age', ['-r', recipient, '-a'], { input: `${hook.url}/locked` }).toString('utf8');
    const reports = `  - on: always\n    webhook: !secret |\n${locked.trimEnd().replace(/^/gm, '      ')}`;
    const { exit, stdout, stderr } = await run(reports);
    expect([exit, hook.told[0]?.path]).toEqual([0, '/locked']);
    expect(stdout + stderr).not.toContain('/locked');
    const linted = await desk.play(['lint', 'site.yml'], { env: { HOME: '/nonexistent' } });
    expect([linted.exit, linted.stderr]).toEqual([0, expect.stringContaining('not opened')]);
  });

  test('play list names it', async () => {
    await run(hooks('[failure, change]'));
    const { stdout } = await desk.play(['list', 'site.yml']);
    expect(stdout).toContain('reports\n  failure, change  webhook\n');
  });

  test('a webhook goes by the proxy of the environment, and says who asks where the address names somebody', async () => {
    const [proxy, far] = await Promise.all([startProxy(), serve((_, response) => void response.end())]);
    const address = `http://ann:p%3Aw@127.0.0.1:${far.port}/x`;
    const { exit } = await run(`  - { on: always, webhook: '${address}' }`, 'ok', [], { http_proxy: proxy.url });
    expect(exit).toBe(0);
    expect(proxy.seen.map(({ method, url }) => [method, url])).toEqual([['POST', `${far.url}/x`]]);
    expect(proxy.last().headers.authorization).toBe(`Basic ${btoa('ann:p:w')}`);
    proxy.seen.length = 0;
    await run(hooks('always'), 'ok', [], { http_proxy: proxy.url, no_proxy: '127.0.0.1' });
    expect(proxy.seen).toEqual([]);
    expect(hook.told.at(-1)?.body).toMatchObject({ event: 'run', status: 'ok' });
    proxy.close();
    far.close();
  });

  test('nobody answers', async () => {
    const { exit, stderr } = await run(`  - { on: always, webhook: { url: '{{hook}}/mute', timeout: 0.3 } }`);
    expect(exit).toBe(13);
    expect(stderr).toContain('no answer within 0.3 s');
  });

  test('an address that shows only in the run is checked as strictly', async () => {
    const { exit, stderr } = await run(mail(), 'ok', ['--ops', 'a@x.io, b@x.io']);
    expect(exit).toBe(13);
    expect(stderr).toContain('each address is an entry of its own');
    expect(server.received).toEqual([]);
  });

  test.each([
    [`  - { on: always, webhook: '{{params.nope}}' }`, 'nope'],
    [`  - { on: always, webhook: '{{hook}}/{{facts.os.family}}' }`, 'said once for the whole run'],
    [`  - { on: always, mail: { from: a@x.io, to: b } }`, 'it has no "@"'],
    [`  - { on: always, mail: { from: a@x.io, to: b@x.io, sbject: x } }`, 'did you mean "subject"?'],
    [`  - { on: always, mail: { from: a@x.io } }`, 'needs one of the parameters "to", "cc", "bcc"'],
    [`  - { on: never, webhook: '{{hook}}' }`, '"on" cannot be "never"'],
    [`  - { on: always, webhook: 'ftp://x' }`, '"webhook" must be a web address'],
    [`  - { on: always }`, 'this report has no "mail"'],
  ])('a mistake is found before the run: %s', async (reports, words) => {
    const { exit, stderr } = await run(reports, 'changed');
    expect(exit).toBe(2);
    expect(stderr).toContain(words);
    expect(hook.told).toEqual([]);
  });
});

/** Quoted-printable taken back. */
function decoded(raw: Buffer): string {
  const bytes = raw
    .toString('latin1')
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
