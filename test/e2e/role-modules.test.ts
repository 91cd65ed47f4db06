import { chmodSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* Roles that bring modules of their own, and roles of libraries, on hosts behind a real sshd. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('ssh', 2);
  const files: Record<string, string> = {
    'roles/web/role.yml':
      'description: A web server\nparams:\n  site: { type: string, required: true, help: its name }\n',
    'roles/web/modules/vhost.ts': `export default {
  name: 'vhost', on: 'host', summary: 'A site is known.', idempotent: true,
  params: { type: 'object', properties: { path: { type: 'string' }, name: { type: 'string' } }, required: ['path', 'name'] },
  resource: ({ path, name }: { path: string; name: string }) => ({
    kind: 'edit', path, attributes: {},
    transform: (text = '') => ({ text: text.includes(name) ? text : text + name + '\\n' }),
  }),
};`,
    'roles/web/modules/size.sh':
      '#!/bin/sh\npath=$(sed \'s/.*"path":"\\([^"]*\\)".*/\\1/\')\necho "{\\"changed\\": false, \\"facts\\": {\\"sites\\": $(grep -c . "$path")}}"\n',
    'roles/web/modules/size.json': JSON.stringify({
      summary: 'It is known how many sites there are.',
      params: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
      facts: { sites: 'How many.' },
      idempotent: true,
    }),
    'roles/web/tasks/main.yml': `
- vhost: { path: '{{place}}/sites', name: '{{site}}' }
  notify: reload
- block: [ { include: count.yml } ]
`,
    'roles/web/tasks/count.yml': `
- size: { path: '{{place}}/sites' }
- debug: there are {{sites}} sites
`,
    'roles/web/handlers/main.yml': "- name: reload\n  vhost: { path: '{{place}}/reloaded', name: 'after {{site}}' }\n",
    'acme/modules/stamp.js':
      "export default { name: 'stamp', on: 'controller', summary: 'A stamp.', params: {}, check: true, run: () => ({ changed: false }) };",
    'acme/roles/site/tasks/main.yml': '- role: base\n- acme.stamp: {}\n- inner: {}\n',
    'acme/roles/site/modules/inner.js':
      "export default { name: 'inner', on: 'controller', summary: 'Inner.', params: {}, check: true, run: () => ({ changed: false }) };",
    'acme/roles/base/tasks/main.yml': '- debug: the base of {{host.name}}\n',
    'node_modules/play-corp/package.json': '{"keywords":["play-library"]}',
    'node_modules/play-corp/roles/audit/role.yml': 'description: Looks after things\n',
    'node_modules/play-corp/roles/audit/tasks/main.yml': '- debug: audited\n',
  };
  for (const [path, text] of Object.entries(files)) {
    const full = stage.desk.file(path, text);
    if (path.endsWith('.sh')) chmodSync(full, 0o755);
  }
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('modules of a role', () => {
  const book = `
- hosts: all
  tasks:
    - role: web
      with: { site: shop }
    - role: web
      with: { site: blog }
`;

  test('are known to its tasks, its included files and its handlers', async () => {
    const first = await stage.run(book);
    expect(first.exit, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/web1 +ok +debug +there are 2 sites/);
    expect(stage.read('web1', 'sites')).toBe('shop\nblog\n');
    expect(stage.read('web2', 'reloaded').split('\n').filter(Boolean).sort()).toEqual(['after blog', 'after shop']);
    const second = await stage.run(book);
    expect(second.did('web2').filter((line) => !line.startsWith('ok '))).toEqual([]);
  });

  test('what they leave behind is unknown in check mode where it does not run, and said so by name', async () => {
    const check = await stage.run(book, ['--check']);
    expect(check.exit).toBe(0);
    expect(check.did('web1').filter((line) => line.startsWith('unknown'))[0]).toMatch(/^unknown size/);
    expect(check.stdout).toMatch(/unknown +debug.*\n +depends on .*size/);
  });

  test('are not known outside of it', async () => {
    const run = await stage.run(
      '- hosts: all\n  tasks: [ { role: web, with: { site: a } }, { vhost: { path: /x, name: y } } ]\n',
    );
    expect(run.exit).toBe(2);
    expect(run.stderr).toContain('E_MODULE_UNKNOWN');
  });
});

test('a role of a library is used by its full name, finds the roles and modules beside it, and may be computed', async () => {
  stage.desk.file(
    'shared.yml',
    `
libraries: [./acme]
plays:
  - hosts: all
    vars: { which: site }
    tasks:
      - role: acme.site
      - role: acme.{{which}}
      - role: corp.audit
`,
  );
  const { exit, stdout, stderr } = await stage.desk.play(['shared.yml', '-i', 'hosts.yml', '-o', 'lines']);
  expect(exit, stderr).toBe(0);
  expect(stdout.match(/web1 +ok +debug +the base of web1/g)).toHaveLength(2);
  expect(stdout).toMatch(/web2 +ok +debug +audited/);
});

test('play list and play modules tell of roles, what they take and their modules', async () => {
  const list = await stage.desk.play(['list', 'shared.yml']);
  expect(list.stdout).toMatch(/web +A web server +roles\/web\n +site +string +required +its name\n/);
  expect(list.stdout).toMatch(/corp\.audit +Looks after things/);
  expect(list.stdout).toMatch(/0\/0\/0\/0 +debug/);
  const modules = await stage.desk.play(['modules']);
  expect(modules.stdout).toMatch(/roles\/web\/modules\n +size +It is known how many sites there are\.\n +vhost/);
  expect((await stage.desk.play(['modules', 'vhost'])).stdout).toMatch(/^vhost +\(roles\/web\/modules\)/);
});
