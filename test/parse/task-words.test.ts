import { describe, expect, test } from 'vitest';
import type { Task } from '../../src/model/playbook.ts';
import { parseDuration } from '../../src/parse/duration.ts';
import { parse, tasksOf } from './toy-modules.ts';

/** The one task of a play, given as the lines below `- `. */
async function task(yaml: string, play = ''): Promise<Task> {
  const body = yaml
    .split('\n')
    .map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`))
    .join('\n');
  const { playbook, problems } = await parse(`hosts: all\n${play}tasks:\n${body}\n`);
  expect(problems).toEqual([]);
  const first = tasksOf(playbook)[0];
  if (!first) throw new Error('no task');
  return first;
}

describe('a task without words of its own', () => {
  test('has quiet defaults', async () => {
    const { source, args, definition, ...rest } = await task('debug: hello');
    expect(args.value).toEqual({ msg: 'hello' });
    expect(source.value).toEqual({ debug: 'hello' });
    expect(definition.name).toBe('debug');
    expect(rest).toEqual({
      id: '0/0',
      name: 'debug',
      module: 'debug',
      tags: [],
      when: [],
      changedWhen: [],
      failedWhen: [],
      until: [],
      ignoreErrors: false,
      barrier: false,
      notify: [],
      listen: [],
      loopControl: { stopOnError: false },
    });
  });

  test.each([
    ['file: { state: directory, path: /srv }', 'file /srv'],
    ['package: [nginx, git]', 'package nginx, git'],
    ['service: { state: restarted, name: nginx }', 'service nginx'],
    ['command: { argv: [ls, -l] }', 'command ls, -l'],
    ['command: |\n  first line\n  second line', 'command first line…'],
    [`command: ${'long '.repeat(30)}`, `command ${'long '.repeat(12)}…`],
    ['debug: "said once, as it is"', 'debug'],
    ['debug:', 'debug'],
    ['{ debug: x, name: "{{x}} is named" }', '{{x}} is named'],
    ['{ debug: x, name: 5 }', '5'],
  ])('%j is called %j', async (yaml, name) => {
    expect((await task(yaml)).name).toBe(name);
  });
});

describe('conditions', () => {
  test('are texts with their places, alone or in a list, and truth values', async () => {
    const { when, changedWhen, failedWhen, until } = await task(
      'debug: x\nwhen: a == "b"\nchanged_when: false\nfailed_when: [rc > 1, true]\nuntil: ok',
    );
    const texts = [when, changedWhen, failedWhen, until].map((list) => list.map((one) => one.text));
    expect(texts).toEqual([['a == "b"'], ['false'], ['rc > 1', 'true'], ['ok']]);
  });

  test.each([
    ['when: a == "b"', 'a == "b"'],
    [`when: 'a == "b"'`, 'a == "b"'],
    ['when: "a == b"', 'a == b'],
    [`when: 'it''s'`, `'it''s'`],
    ['when: |\n      a\n      && b', '|\n      a\n      && b'],
    ['when: [x, "y"]', 'x'],
  ])('%j points at %j', async (yaml, shown) => {
    const text = `hosts: all\ntasks:\n  - debug: x\n    ${yaml}\n`;
    const { playbook } = await parse(text);
    const at = tasksOf(playbook)[0]?.when[0]?.at;
    expect(text.slice(at?.start, at?.end)).toBe(shown);
  });
});

describe('words around a module', () => {
  test('loops', async () => {
    const { loop, loopControl } = await task('debug: x\nloop: [1, { a: b }]\nloop_control: { label: "{{item}}" }');
    expect([loop?.value, loopControl.label?.value]).toEqual([[1, { a: 'b' }], '{{item}}']);
    expect((await task('debug: x\nloop: vars.hosts')).loop?.value).toBe('vars.hosts');
    expect((await task('debug: x\nloop: []')).loop?.value).toEqual([]);
  });

  test('results, handlers, delegation, directories, times, flags', async () => {
    const full = await task(
      'debug: x\nregister: health\nnotify: [h]\ndelegate_to: "{{lb}}"\nchdir: /srv\ntimeout: 10m\ncheck_mode: false\nbarrier: true\nignore_errors: true',
      'handlers: [{ name: h, debug: y }]\n',
    );
    expect(full).toMatchObject({
      register: 'health',
      notify: ['h'],
      delegateTo: { value: '{{lb}}' },
      cwd: { value: '/srv' },
      timeout: 600_000,
      checkMode: false,
      barrier: true,
      ignoreErrors: true,
    });
  });

  test.each([
    ['until: ok', { attempts: 3, delay: 5_000, backoff: 1, maxDelay: 300_000 }],
    ['retry: 20', { attempts: 20, delay: 5_000, backoff: 1, maxDelay: 300_000 }],
    [
      'retry: { attempts: 5, delay: 500ms, backoff: 2, max_delay: 5s }',
      { attempts: 5, delay: 500, backoff: 2, maxDelay: 5_000 },
    ],
    ['retry: { backoff: 2.0 }', { attempts: 3, delay: 5_000, backoff: 2, maxDelay: 300_000 }],
    ['retry: { delay: 1h }', { attempts: 3, delay: 3_600_000, backoff: 1, maxDelay: 3_600_000 }],
    ['retries: 3\ndelay: 10', { attempts: 4, delay: 10_000, backoff: 1, maxDelay: 300_000 }],
  ])('%j', async (yaml, retry) => {
    expect((await task(`debug: x\n${yaml}`)).retry).toEqual(retry);
  });

  test.each([
    ['', '', undefined],
    ['', 'become: true', { enabled: true, user: 'root' }],
    ['', 'become_user: app', { enabled: true, user: 'app' }],
    ['become: true\n', '', { enabled: true, user: 'root' }],
    ['become: true\n', 'become_user: app', { enabled: true, user: 'app' }],
    ['become: true\nbecome_user: db\n', 'become: false', { enabled: false, user: 'db' }],
    ['become: false\n', 'become_user: app', { enabled: false, user: 'app' }],
    ['become_user: app\n', 'become: true', { enabled: true, user: 'app' }],
  ])('play %j, task %j', async (play, yaml, become) => {
    expect((await task(`debug: x\n${yaml}`.trim(), play)).become).toEqual(become);
  });

  test('a handler may be named by a template, which is looked up later', async () => {
    const templated = 'hosts: all\ntasks: [{ debug: x, notify: "restart {{app}}" }]\nhandlers: []\n';
    expect((await parse(templated)).problems).toEqual([]);
    const other =
      'hosts: all\ntasks: [{ debug: x, notify: restart shop }]\nhandlers: [{ name: "restart {{app}}", debug: y }]\n';
    expect((await parse(other)).problems).toEqual([]);
  });

  test('a word of the expression language is no name for a result, but a variable may have it', async () => {
    expect((await parse('hosts: all\nvars: { list: [1] }\ntasks: [debug: x]\n')).problems).toEqual([]);
    for (const name of ['list', 'type', 'loop', 'true', 'in', 'item', 'hosts', 'constructor', '__proto__'])
      expect((await parse(`hosts: all\ntasks: [{ debug: x, register: "${name}" }]\n`)).codes).toEqual([
        'E_REGISTER_NAME',
      ]);
  });
});

test.each([
  [5, 5_000],
  [0.5, 500],
  ['500ms', 500],
  ['2s', 2_000],
  ['1.5m', 90_000],
  ['1h', 3_600_000],
  ['10', 10_000],
  ['1.0', 1_000],
  [' 5 s ', 5_000],
  [0, 0],
  [-1, undefined],
  ['', undefined],
  ['soon', undefined],
  ['1d', undefined],
  ['1h30m', undefined],
  ['600h', undefined],
  [true, undefined],
  [null, undefined],
  [[5], undefined],
])('%j lasts %s ms', (value, time) => {
  expect(parseDuration(value)).toBe(time);
});
