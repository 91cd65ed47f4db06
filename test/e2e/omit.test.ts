import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDesk, type Desk } from '../rig/cli.ts';

/* Parameters that are given only sometimes. */
let desk: Desk;
beforeEach(async () => {
  desk = await createDesk();
});
afterEach(() => desk[Symbol.asyncDispose]());

/** What each step was: `ok first`, `failed second: why`. */
async function steps(playbook: string, ...args: string[]): Promise<string[]> {
  desk.file('site.yml', playbook);
  const { stdout, stderr } = await desk.play(['site.yml', ...args, '-o', 'json']);
  const found = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'step-end')
    .map(({ status, task, message, failure }) => `${status} ${task}: ${failure?.message ?? message ?? ''}`);
  return found.length === 0 ? [stderr] : found;
}

test('a parameter whose whole value is omit is not given: with and without a value one task does', async () => {
  const book = `
params: { mode: { default: '' } }
plays:
  - hosts: localhost
    tasks:
      - name: the file
        copy: { content: "x\\n", dest: f, mode: '{{= params.mode != "" ? params.mode : omit }}', owner: '{{default owner omit}}' }
`;
  expect(await steps(book, '--mode', '0600')).toEqual(['changed the file: ']);
  expect(statSync(join(desk.dir, 'f')).mode & 0o777).toBe(0o600);
  // Without a mode, the one that the file has stays.
  expect(await steps(book)).toEqual(['ok the file: ']);
  expect(statSync(join(desk.dir, 'f')).mode & 0o777).toBe(0o600);
});

test('so are keys of mappings, items of lists, variables of the environment, and the folder of a task', async () => {
  const said = await steps(`
hosts: localhost
vars:
  quiet: true
  nobody: '{{omit}}'
  settings: { a: 1, b: '{{omit}}', c: [x, '{{omit}}', { d: '{{nobody}}', e: 2 }] }
tasks:
  - name: all
    debug: '{{to_json settings}}'
  - name: words
    command:
      argv: [sh, -c, 'echo "$# \${A-none} $B"', '{{= quiet ? omit : "-v" }}', one, two]
    env: { A: '{{nobody}}', B: '{{default nobody "b"}}' }
    cwd: '{{ternary quiet omit "/nowhere"}}'
    register: words
  - name: their number
    debug: '{{words.stdout}}'
  - name: each
    debug: '{{item}}'
    loop: [a, '{{nobody}}', b]
`);
  expect(said).toEqual([
    'ok all: {"a":1,"c":["x",{"e":2}]}',
    'changed words: ',
    'ok their number: 1 none b',
    'ok each: a',
    'ok each: b',
  ]);
});

test('a fact that is omit is not set, and a role that is given omit takes its default', async () => {
  desk.file('roles/greet/role.yml', 'params:\n  word: { default: hello }\n  who: { required: true }\n');
  desk.file('roles/greet/tasks/main.yml', "- name: greeting\n  debug: '{{word}} {{who}}'\n");
  desk.file('say.yml', '- name: saying\n  debug: \'{{default what "nothing"}}\'\n');
  const said = await steps(`
hosts: localhost
tasks:
  - set_fact: { one: '{{= vars.?never.orValue(omit) }}', two: 2 }
  - name: known
    debug: '{{= has(vars.one) }} {{two}}'
  - role: greet
    with: { word: '{{omit}}', who: ann }
  - include: say.yml
    with: { what: '{{omit}}' }
  - name: no name
    role: greet
    with: { who: '{{default who omit}}' }
    ignore_errors: true
`);
  expect(said.slice(1)).toEqual([
    'ok known: false 2',
    'ok greeting: hello ann',
    'ok saying: nothing',
    'failed no name: greet: `who` is needed, and "omit" leaves it out',
  ]);
});

test('what is needed cannot be left out by way of a variable either, nor two that exclude each other be given', async () => {
  const said = await steps(`
hosts: localhost
vars: { nothing: '{{omit}}', both: false }
tasks:
  - name: no path
    file: { path: '{{nothing}}', state: touch }
    ignore_errors: true
  - name: one of two
    copy: { dest: f, content: '{{ternary both "x" omit}}', src: '{{= both ? omit : "site.yml" }}' }
  - name: both of them
    copy: { dest: f, content: '{{ternary both omit "x"}}', src: '{{= both ? omit : "site.yml" }}' }
    ignore_errors: true
  - name: neither
    mail: { from: a@example.com, to: '{{nothing}}', subject: x }
    ignore_errors: true
  - name: beside text
    debug: 'it is {{nothing}}'
    ignore_errors: true
  - name: nothing at all
    set_fact: { x: '{{nothing}}' }
    ignore_errors: true
`);
  expect(said.map((line) => line.replace(/ \(.*/, ''))).toEqual([
    'failed no path: file: `path` is needed, and "omit" leaves it out',
    'changed one of two: ',
    'failed both of them: copy: src and content exclude each other',
    'failed neither: "mail" needs one of the parameters "to", "cc", "bcc"',
    'failed beside text: "omit" leaves a whole value out, and cannot stand here',
    'failed nothing at all: set_fact: what it is given became {}, which must NOT have fewer than 1 properties',
  ]);
  expect(readFileSync(join(desk.dir, 'f'), 'utf8')).toContain('one of two');
});

test('a task that is delegated to nobody stays on its own host', async () => {
  desk.file('hosts.yml', 'all: { vars: { connection: local }, hosts: { web1: { helper: nowhere }, web2: } }\n');
  desk.file(
    'site.yml',
    "hosts: all\ntasks:\n  - command: echo hi\n    delegate_to: '{{default helper omit}}'\n    changed_when: false\n",
  );
  const { stdout, exit } = await desk.play(['site.yml', '-i', 'hosts.yml', '-o', 'lines']);
  expect(exit, stdout).toBe(3);
  expect(stdout).toMatch(/web2 ok +command echo hi/);
  expect(stdout).toMatch(/web1 failed +command echo hi/);
  expect(stdout).toContain('nowhere');
});

test('the function of the same name still takes keys out of a mapping', async () => {
  const said = await steps(`
hosts: localhost
vars: { sizes: { a: 1, b: 2 } }
tasks:
  - name: text
    debug: '{{to_json (omit sizes (split "a"))}}'
  - name: expression
    debug: '{{= sizes.omit(["b"]).to_json() }}'
`);
  expect(said).toEqual(['ok text: {"b":2}', 'ok expression: {"a":1}']);
});

test('the check before a run finds a needed parameter that may be left out, and a name that is taken', async () => {
  desk.file(
    'site.yml',
    `
hosts: localhost
vars: { x: '' }
tasks:
  - file: { path: '{{= x == "" ? omit : x }}', state: touch }
  - file: { path: '{{default x "omit"}}', state: touch }
  - http: { url: 'http://localhost', auth: { basic: { user: '{{default x omit}}', password: x } } }
  - debug: hi
    register: omit
`,
  );
  const { stdout, exit } = await desk.play(['lint', 'site.yml']);
  expect(exit).toBe(2);
  expect(stdout.split('\n').filter((line) => /^error|-->/.test(line))).toEqual([
    'error[E_OMIT_NEEDED] file: `path` is needed, and "omit" leaves it out',
    '  --> site.yml:5:19',
    'error[E_OMIT_NEEDED] http: `auth.basic.user` is needed, and "omit" leaves it out',
    '  --> site.yml:7:61',
    'error[E_REGISTER_NAME] a result cannot be called "omit": the word has a meaning of its own in expressions',
    '  --> site.yml:9:15',
  ]);
});
