import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from '../rig/cli.ts';
import { createShellDesk, shellNames, tab } from './shells.ts';

/* What a person gets who types a line in bash, zsh or fish and then TAB. */

const files = {
  'deploy.yml': `
name: Deploy the shop
params:
  version: { type: string, help: the release to deploy }
  env: { enum: [staging, prod] }
  db_pass: { type: secret }
  wait: { type: bool }
plays:
  - hosts: all
    tags: web
    tasks:
      - debug: one
        tags: [alpha, beta]
      - block:
          - include: more.yml
      - role: nginx
`,
  'more.yml': '- debug: two\n  tags: from_include\n',
  'roles/nginx/tasks/main.yml': '- debug: three\n  tags: from_role\n',
  'broken.yml': 'params:\n  colour: { enum: [red, green] }\nplays:\n  - hosts: all\n    tasks: [ { debug: "x }\n',
  'hosts.yml': 'web: { hosts: { "web[1:2].example": } }\ndb: { hosts: { db1.example: } }\n',
  'my hosts.yml': 'web: { hosts: { a: } }\n',
  'quick.yml': '- hosts: localhost\n  tasks:\n    - debug: hello\n',
  'notes.txt': '',
};

let desk: Desk;
beforeAll(async () => {
  desk = await createShellDesk(files);
});
afterAll(() => desk[Symbol.asyncDispose]());

describe.each(shellNames)('in %s', (shell) => {
  const several: [what: string, line: string, words: string[], not: string[]][] = [
    [
      'commands and playbooks',
      'play ',
      ['lint', 'runs', 'completion', 'deploy.yml', 'roles/'],
      ['__complete', 'notes.txt'],
    ],
    ['the flags of parameters', 'play deploy.yml --', ['--version', '--env', '--db-pass', '--no-wait', '--limit'], []],
    ['the values of one', 'play deploy.yml --env ', ['staging', 'prod'], ['notes.txt']],
    ['names after -p', 'play deploy.yml -p ', ['version=', 'env=', 'db_pass='], []],
    ['values after -p', 'play deploy.yml -p env=', ['staging', 'prod'], []],
    ['tags', 'play lint deploy.yml -t ', ['web', 'alpha', 'beta', 'from_include', 'from_role'], []],
    ['a second tag', 'play deploy.yml --skip-tags alpha,', ['beta', 'web'], []],
    ['hosts and groups', 'play deploy.yml -i hosts.yml -l ', ['all', 'db', 'web1.example', 'db1.example'], []],
    ['hosts in a pattern', 'play deploy.yml -i hosts.yml -l web:', ['db1.example', 'web2.example'], []],
    ['views', 'play deploy.yml -o ', ['live', 'lines', 'json', 'quiet'], []],
    ['files for an inventory', 'play deploy.yml -i ', ['hosts.yml', 'notes.txt', 'roles/'], []],
    ['what a broken playbook declares', 'play broken.yml --colour ', ['red', 'green'], []],
  ];
  it.each(several)('%s', async (_, line, words, not) => {
    const { screen } = await tab(shell, desk, line);
    for (const word of words) expect(screen).toContain(word);
    for (const word of not) expect(screen).not.toContain(word);
    expect(screen).not.toMatch(/error|E_[A-Z]+/i);
  });

  // fish offers whole words itself, and is only asked for them.
  const single: [typed: string, becomes: string][] = [
    ['play dep', 'play deploy.yml '],
    ['play deploy.yml --vers', 'play deploy.yml --version '],
    ['play deploy.yml --env=p', 'play deploy.yml --env=prod '],
    ['play deploy.yml -p env=s', 'play deploy.yml -p env=staging '],
    ['play deploy.yml -p db', 'play deploy.yml -p db_pass='],
    ['play deploy.yml -t alpha,from_i', 'play deploy.yml -t alpha,from_include '],
    ['play deploy.yml -i hosts.yml -l web:db1', 'play deploy.yml -i hosts.yml -l web:db1.example '],
    ['play rol', 'play roles/'],
    ['play deploy.yml -i my', 'play deploy.yml -i my\\ hosts.yml '],
    ['play comp', 'play completion '],
    ['play completion z', 'play completion zsh '],
    ['play missing.yml --env ', 'play missing.yml --env '],
  ];
  it.each(shell === 'fish' ? [] : single)('%s becomes %s', async (typed, becomes) => {
    expect((await tab(shell, desk, typed)).line).toBe(becomes);
  });

  it('runs that are recorded', async () => {
    const ran = await desk.play(['quick.yml'], { env: { XDG_STATE_HOME: `${desk.home}/state` } });
    expect(ran.exit, ran.stderr).toBe(0);
    // Where several runs are recorded a shell may put in only what they have in common: the day.
    const { screen, line } = await tab(shell, desk, 'play show ');
    expect(screen + line).toMatch(/20\d{6}-/);
  });

  // bash lists words only.
  if (shell === 'bash') return;
  it('what options are for', async () => {
    expect((await tab(shell, desk, 'play deploy.yml --')).screen).toContain('the release to deploy');
  });
});
