import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Server, serve } from '../http/servers.ts';
import { builtPlay } from '../rig/built.ts';
import { openStage, type Stage } from './stage.ts';

/* Requests in playbooks: of this machine, and of hosts behind a real sshd. */
let stage: Stage;
let server: Server;
const visible: string[] = [];

beforeAll(async () => {
  await builtPlay();
  stage = await openStage('ssh', 2);
  server = await serve((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://x');
    visible.push(
      readdirSync('/proc')
        .map((pid) => {
          try {
            return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
          } catch {
            return '';
          }
        })
        .join('\n'),
    );
    if (pathname === '/login') response.setHeader('set-cookie', `sid=${request.body.replace('user=', '')}; Path=/`);
    if (pathname === '/where') return response.end(JSON.stringify({ url: `${server.url}/there`, port: server.port }));
    if (pathname === '/404') return response.writeHead(404).end('nothing here');
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ cookie: request.headers.cookie ?? '', key: request.headers['x-key'] ?? '', body: request.body }),
    );
  });
});
afterEach(() => {
  server.seen.length = 0;
  visible.length = 0;
  return stage.clean();
});
afterAll(async () => {
  server.close();
  await stage?.[Symbol.asyncDispose]();
});

const asked = (): string[] => server.seen.map(({ method, url }) => `${method} ${url}`).sort();

describe('http', () => {
  test('this machine or the hosts, once for each host; in check mode only what changes nothing', async () => {
    const book = `
- hosts: all
  tasks:
    - http: '${server.url}/here?{{host.name}}'
    - http: { url: '${server.url}/target?{{host.name}}', from: target }
    - http: { url: '${server.url}/send', json: { host: '{{host.name}}' }, from: target }
      register: sent
    - debug: '{{sent.json.body}}'
`;
    const check = await stage.run(book, ['--check']);
    expect(check.exit, check.stdout).toBe(0);
    expect(check.did('web1').map((line) => line.split(' ')[0])).toEqual(['ok', 'ok', 'would-change', 'unknown']);
    expect(asked()).toEqual(['GET /here?web1', 'GET /here?web2', 'GET /target?web1', 'GET /target?web2']);
    const run = await stage.run(book);
    expect(run.exit, run.stdout).toBe(0);
    expect(run.did('web2').map((line) => line.split(' ')[0])).toEqual(['ok', 'ok', 'changed', 'ok']);
    expect(run.told('web1', 'debug')).toContain('{"host":"web1"}');
    expect(server.seen.filter(({ url }) => url.startsWith('/target'))[0]?.headers['user-agent']).toBe('play');
  });

  test('in check mode a failure after a task that would change something is unknown: it may be what that would have made', async () => {
    const health = `- http: { url: 'http://127.0.0.1:1/health', from: '{{item}}' }\n      loop: [controller, target]\n      loop_control: { stop_on_error: false }`;
    const story = await stage.run(
      `- hosts: web1\n  tasks:\n    - copy: { dest: '{{place}}/app', content: x }\n    ${health}\n`,
      ['--check'],
    );
    expect(story.exit, story.stdout).toBe(0);
    expect(story.did('web1').map((line) => line.split(' ')[0])).toEqual(['would-change', 'unknown', 'unknown']);
    expect((await stage.run(`- hosts: web1\n  tasks:\n    ${health}\n`, ['--check'])).exit).not.toBe(0);
  });

  test('changed_when, failed_when and until judge the answer', async () => {
    const { did, exit, stdout } = await stage.run(`
- hosts: web1
  tasks:
    - http: { url: '${server.url}/search', json: {}, expect: { status: any } }
      changed_when: false
    - http: { url: '${server.url}/404', expect: { status: any } }
      register: page
      failed_when: page.status == 500
    - http: '${server.url}/404'
      register: page
      until: page.status == 404
`);
    expect(exit, stdout).toBe(0);
    expect(did('web1').map((line) => line.split(' ')[0])).toEqual(['ok', 'ok', 'ok']);
  });

  test('a session belongs to a host', async () => {
    await stage.run(`
- hosts: all
  tasks:
    - http: { url: '${server.url}/login', form: { user: '{{host.name}}' }, session: shop }
- hosts: all
  tasks:
    - http: { url: '${server.url}/', session: shop, from: target }
      register: page
    - debug: '{{page.json.cookie}}'
`);
    expect(
      server.seen
        .filter(({ method }) => method === 'GET')
        .map(({ headers }) => headers.cookie)
        .sort(),
    ).toEqual(['sid=web1', 'sid=web2']);
  });
});

test('secrets are in no output, no record and no list of processes', async () => {
  const { stdout, stderr, events, exit } = await stage.run(
    `
params: { token: { type: secret } }
plays:
  - hosts: web1
    tasks:
      - http: { url: '${server.url}/echo?{{params.token}}', headers: { X-Key: '{{params.token}}' }, body: '{{params.token}}', auth: { basic: { user: u, password: '{{params.token}}' } }, from: '{{item}}' }
        loop: [controller, target]
        register: pages
      - debug: { var: pages }
      - http: '${server.url}/404?{{params.token}}'
        ignore_errors: true
`,
    ['--params-file', stage.desk.file('params.yml', 'token: pa55-w0rd/x')],
  );
  expect(exit, stdout + stderr).toBe(0);
  expect(server.seen.map(({ headers }) => headers['x-key'])).toEqual(['pa55-w0rd/x', 'pa55-w0rd/x', undefined]);
  const all = stdout + stderr + JSON.stringify(events) + visible.join();
  for (const form of ['pa55-w0rd', btoa('u:pa55-w0rd/x')]) expect(all).not.toContain(form);
  expect(stdout).toContain('***');
});

describe('where a URL comes from', () => {
  test('what the author wrote may lead to this machine; what a host or a server said may not', async () => {
    const { did, told, exit, stdout } = await stage.run(`
vars: { base: '${server.url}' }
plays:
  - hosts: web1
    vars: { mine: '{{base}}/mine', theirs: '{{where.json.url}}' }
    tasks:
      - { name: written, http: '{{mine}}' }
      - { name: first, http: '{{base}}/where', register: where }
      - { name: result, http: '{{where.json.url}}', ignore_errors: true }
      - { name: by a variable, http: '{{theirs}}', ignore_errors: true }
      - { name: of the host, http: { url: '{{theirs}}', from: target }, ignore_errors: true }
      - { name: a part, http: 'http://127.0.0.1:{{where.json.port}}/', ignore_errors: true }
      - { name: item, http: '{{item}}', loop: '{{= [where.json.url] }}', ignore_errors: true }
      - { name: fact, http: 'http://localhost:${server.port}/{{facts.hostname}}', ignore_errors: true }
      - { name: written item, http: '{{item}}', loop: ['${server.url}/item'] }
      - { name: allowed, http: { url: '{{theirs}}', allow_local: true } }
`);
    expect(exit, stdout).toBe(0);
    expect(did('web1').map((line) => line.replace(/^(\S+) (.*)$/, '$2: $1'))).toEqual([
      'written: ok',
      'first: ok',
      'result (ignored): failed',
      'by a variable (ignored): failed',
      'of the host (ignored): failed',
      'a part (ignored): failed',
      expect.stringMatching(/^item .*: failed$/),
      'fact (ignored): failed',
      expect.stringMatching(/^written item .*: ok$/),
      'allowed: ok',
    ]);
    expect(told('web1', 'result')).toContain(
      '127.0.0.1 is this machine or its link, and the address comes from a host or a server; allow_local: true sends it there',
    );
    expect(asked()).toEqual(['GET /item', 'GET /mine', 'GET /there', 'GET /where']);
  });
});

describe('mistakes', () => {
  test.each([
    ['- uri: { url: http://x }', 'did you mean "http"'],
    ['- http: { url: x.example }', 'url'],
    ['- http: { url: http://x, status_code: 200 }', 'expect: { status: … }'],
    ['- http: { url: http://x, json: 1, form: {} }', 'takes only one of "json", "form"'],
    ['- http: { url: http://x, retry: { attempt: 2 } }', 'did you mean "attempts"'],
    ['- http: { url: http://x, paginate: { page: {} } }', 'query'],
  ])('%s is refused before the run', async (task, words) => {
    const { exit, stderr, stdout } = await stage.run(`- hosts: web1\n  tasks:\n    ${task}\n`);
    expect(exit).toBe(2);
    expect(stderr + stdout).toContain(words);
  });
});
