import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* A plan that was looked at is what is done, and nothing else: on two hosts behind a real sshd. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('ssh', 2);
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

const book = `params:
  token: {type: string, secret: true, default: none}
plays:
  - hosts: all
    tasks:
      - {name: folder, file: {path: '{{place}}/d', state: directory}}
      - {name: config, template: {src: app.hbs, dest: '{{place}}/conf'}}
      - {name: secret, copy: {dest: '{{place}}/secret', content: '{{params.token}}', mode: 0600}}
      - {name: line, lineinfile: {path: '{{place}}/hosts', line: a b, create: true}}
      - {name: last, copy: {dest: '{{place}}/last', content: x}}
`;

/** Writes the playbook and plans it. */
async function planned(text = book, args: readonly string[] = []) {
  stage.desk.file('site.yml', text);
  stage.desk.file('app.hbs', 'hosts: {{host.name}}\n');
  const played = await stage.desk.play(['plan', 'site.yml', '-i', 'hosts.yml', '-o', 'plan.json', ...args]);
  return { ...played, text: () => readFileSync(join(stage.desk.dir, 'plan.json'), 'utf8') };
}

async function applied(args: readonly string[] = []) {
  stage.desk.file('events.jsonl', '');
  return stage.story(await stage.desk.play(['apply', 'plan.json', '-o', 'lines', '-o', 'json=events.jsonl', ...args]));
}

const all = ['folder', 'config', 'secret', 'line', 'last'];

describe('a plan that still fits', () => {
  test('is done as planned, and a second time there is nothing left to do', async () => {
    const plan = await planned();
    expect(plan.exit).toBe(0);
    expect(plan.stderr).toContain('saved to plan.json: 10 to change, 0 unknown');
    expect(stage.read('web1', 'conf')).toBe('');
    expect(statSync(join(stage.desk.dir, 'plan.json')).mode & 0o777).toBe(0o600);
    const first = await applied();
    expect(first.exit).toBe(0);
    for (const host of ['web1', 'web2']) expect(first.did(host)).toEqual(all.map((task) => `changed ${task}`));
    expect(stage.read('web2', 'conf')).toBe('hosts: web2\n');
    const second = await applied();
    expect(second.exit).toBe(0);
    expect(second.did('web1')).toEqual(all.map((task) => `ok ${task}`));
    expect(second.told('web1', 'config')).toBe('ok config as planned already');
  });

  test('what is unknown in it runs, with all that depends on it; rescue runs when something fails', async () => {
    await planned(`- hosts: all
  tasks:
    - {name: makes, command: printf 'a b', register: made}
    - {name: each, loop: 'made.stdout.split(" ")', command: 'touch {{place}}/{{item}}'}
    - name: try
      block: [{name: breaks, command: 'false'}]
      rescue: [{name: saves, copy: {dest: '{{place}}/saved', content: x}}]
`);
    const story = await applied();
    expect(story.exit).toBe(0);
    expect(story.did('web1')).toEqual([
      'changed makes',
      'changed each [a]',
      'changed each [b]',
      'failed breaks (rescued)',
      'changed saves',
    ]);
  });

  test('holds no secret, and wants the same one again', async () => {
    const canary = 'canary-7c1f';
    const plan = await planned(book, ['--token', canary]);
    expect(plan.exit).toBe(0);
    expect(plan.text()).not.toContain(canary);
    const other = await applied(['-p', 'token=another']);
    expect(other.exit).toBe(12);
    expect(other.stderr).toMatchInlineSnapshot(`
      "play: the plan was made with another value of \`token\` [E_SAVED_PLAN_PARAM]
        give the same secret: -p token=…
      "
    `);
    expect((await applied(['-p', `token=${canary}`])).exit).toBe(0);
    expect(stage.read('web1', 'secret')).toBe(canary);
  });
});

describe('a host that has changed since', () => {
  const drifts: [what: string, task: string, spoil: string, told: RegExp][] = [
    ['a folder', 'folder', "file: {path: '{{place}}/d', state: touch}", /it was absent, now it is file/],
    ['a file', 'config', "copy: {dest: '{{place}}/conf', content: mine}", /it was absent, now it is file; [0-9a-z ]+…/],
    [
      'its text',
      'line',
      "copy: {dest: '{{place}}/hosts', content: mine}",
      /it was no file, now it is sha256 [0-9a-f]{12}…/,
    ],
  ];
  test.each(drifts)(
    '%s: the task is refused with both states, its host stops, the other is done',
    async (_, task, spoil, told) => {
      await planned();
      await stage.run(`- {hosts: web1, tasks: [{${spoil}}]}`);
      stage.desk.file('site.yml', book);
      const story = await applied();
      expect(story.exit).toBe(3);
      expect(story.did('web1').at(-1)).toBe(`failed ${task}`);
      expect(story.told('web1', task)).toMatch(told);
      expect(stage.read('web1', 'last')).toBe('');
      expect(story.did('web2')).toEqual(all.map((each) => `changed ${each}`));
    },
  );

  test('what was as asked and is no longer is refused, too; neither rescue nor ignore_errors nor failed_when hides it', async () => {
    const text = `- hosts: all
  tasks:
    - block:
        - {name: same, file: {path: '{{place}}', state: directory, mode: 0755}, ignore_errors: true, failed_when: false}
      rescue: [{name: never, command: echo}]
`;
    await stage.run("- {hosts: all, tasks: [{file: {path: '{{place}}', state: directory, mode: 0755}}]}");
    await planned(text);
    await stage.run("- {hosts: web1, tasks: [{file: {path: '{{place}}', state: directory, mode: 0700}}]}");
    stage.desk.file('site.yml', text);
    const story = await applied();
    expect(story.exit).toBe(3);
    expect(story.did('web1')).toEqual(['failed same']);
    expect(story.told('web1', 'same')).toContain('it was directory 0755, now it is directory 0700');
    expect(story.did('web2')).toEqual(['ok same']);
  });

  test('a task that was skipped when it was planned, and would run now, is refused', async () => {
    const text = `- hosts: all
  tasks:
    - {name: look, stat: {path: '{{place}}/flag'}, register: flag}
    - {name: skipped, when: flag.stat.exists, command: 'touch {{place}}/ran'}
`;
    await planned(text);
    await stage.run("- {hosts: web1, tasks: [{copy: {dest: '{{place}}/flag', content: x}}]}");
    stage.desk.file('site.yml', text);
    const story = await applied();
    expect(story.exit).toBe(3);
    expect(story.did('web1')).toEqual(['ok look', 'failed skipped']);
    expect(story.told('web1', 'skipped')).toContain('it was skipped, now it is to be run');
    expect(story.did('web2')).toEqual(['ok look', 'skipped skipped']);
  });

  test('a command that `creates` made needless, and whose file is gone, is refused', async () => {
    const text = `- hosts: all
  tasks:
    - {name: once, command: {cmd: 'touch {{place}}/done', creates: '{{place}}/done'}}
`;
    await stage.run("- {hosts: all, tasks: [{copy: {dest: '{{place}}/done', content: x}}]}");
    await planned(text);
    await stage.run("- {hosts: web1, tasks: [{file: {path: '{{place}}/done', state: absent}}]}");
    stage.desk.file('site.yml', text);
    const story = await applied();
    expect(story.exit).toBe(3);
    expect(story.did('web1')).toEqual(['failed once']);
    expect(story.told('web1', 'once')).toContain('it was not needed (creates/removes), now it is needed');
    expect(story.did('web2')).toEqual(['ok once']);
  });

  test('a task that asks for something else by now is refused', async () => {
    const text = `- hosts: all
  tasks:
    - {name: look, stat: {path: '{{place}}/flag'}, register: flag}
    - {name: asks, copy: {dest: '{{place}}/f', content: '{{flag.stat.exists}}'}}
`;
    await planned(text);
    await stage.run("- {hosts: all, tasks: [{copy: {dest: '{{place}}/flag', content: x}}]}");
    stage.desk.file('site.yml', text);
    const story = await applied();
    expect(story.did('web1')).toEqual(['ok look', 'failed asks']);
    expect(story.told('web1', 'asks')).toContain('the parameters of copy have become others');
  });
});

describe('a plan that does not fit any more is refused whole, and no host is contacted', () => {
  const spoils: [what: string, spoil: () => void, exit: number, said: string][] = [
    [
      'another template',
      () => stage.desk.file('app.hbs', 'new'),
      12,
      'the plan is outdated: app.hbs has changed [E_SAVED_PLAN_FILES]',
    ],
    ['another playbook', () => stage.desk.file('site.yml', `${book}\n`), 12, 'site.yml has changed'],
    [
      'no JSON',
      () => stage.desk.file('plan.json', '{'),
      2,
      'plan.json is not a plan that can be applied: it is not JSON [E_SAVED_PLAN_READ]',
    ],
    ['something else', () => stage.desk.file('plan.json', '[]'), 2, 'it holds something else'],
    ['another format', () => edit((plan) => ({ ...plan, format: 9 })), 2, 'it has format 9, this play reads format 1'],
    [
      'an edited status',
      () => edit((plan) => plan, 'would-change', 'unknown'),
      2,
      'plan.json was changed after `play plan` wrote it [E_SAVED_PLAN_EDITED]',
    ],
    [
      'new variables of a host',
      () => stage.desk.file('group_vars/all.yml', 'colour: red\n'),
      12,
      'group_vars/all.yml is new',
    ],
  ];
  const edit = (how: (plan: object) => object, from = '', to = ''): void => {
    const path = join(stage.desk.dir, 'plan.json');
    const text = JSON.stringify(how(JSON.parse(readFileSync(path, 'utf8'))));
    writeFileSync(path, text.replace(from, to));
  };
  test.each(spoils)('%s', async (_, spoil, exit, said) => {
    await planned();
    spoil();
    const story = await applied();
    expect(story.stderr).toContain(said);
    expect(story.exit).toBe(exit);
    expect(stage.read('web1', 'd')).toBe('');
    expect(story.events).toEqual([]);
  });

  test('a plan that is not there', async () => {
    const played = await stage.desk.play(['apply', 'nothing.json']);
    expect(played.exit).toBe(2);
    expect(played.stderr).toContain('nothing.json is not a plan that can be applied: ');
  });

  test('no plan is saved of a check that failed', async () => {
    const played = await planned('- {hosts: all, tasks: [{fail: {msg: no}}]}', ['--out', 'failed.json']);
    expect(played.exit).toBe(3);
    expect(played.stderr).toContain('no plan is saved, because the check has failed');
    expect((await stage.desk.play(['apply', 'failed.json'])).exit).toBe(2);
  });

  test('a folder that cannot be written to', async () => {
    const played = await planned(book, ['--out', 'no/such/plan.json']);
    expect(played.exit).toBe(2);
    expect(played.stderr).toContain('the plan cannot be written to no/such/plan.json');
  });
});
