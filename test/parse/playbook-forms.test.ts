import { describe, expect, test } from 'vitest';
import { parse, tasksOf } from './toy-modules.ts';

describe('a playbook has one of three forms', () => {
  test('a mapping with plays', async () => {
    const { playbook, problems } = await parse(
      'name: shop\nvars: { app: /srv }\nplays:\n  - { hosts: web, tasks: [] }\n  - { name: data, hosts: db, tasks: [] }\n',
    );
    expect(problems).toEqual([]);
    expect(playbook).toMatchObject({ file: 'site.yml', name: 'shop', vars: { value: { app: '/srv' } } });
    expect(playbook?.plays.map((play) => [play.index, play.name, play.hosts.value])).toEqual([
      [0, 'web', 'web'],
      [1, 'data', 'db'],
    ]);
  });

  test('a list of plays, named after its file', async () => {
    const { playbook } = await parse('- { hosts: web, tasks: [debug: a] }\n- { hosts: db, tasks: [debug: b] }\n');
    expect(playbook).toMatchObject({ name: 'site.yml', plays: [{ index: 0 }, { index: 1 }] });
  });

  test('one play', async () => {
    const { playbook } = await parse('name: shop\nhosts: localhost\ntasks:\n  - debug: hello\n');
    expect(playbook).toMatchObject({ name: 'shop', plays: [{ name: 'shop', nodes: [{ module: 'debug' }] }] });
  });
});

describe('a play', () => {
  test('says what its tasks inherit', async () => {
    const { playbook } = await parse(
      'hosts: [web, "!old"]\nbecome: true\nbecome_user: app\ntags: "a, b"\nenv: { LANG: C, N: 1, ON: true }\nstrategy: linear\nvars: { x: 1 }\ntasks: []\n',
    );
    expect(playbook?.plays[0]).toMatchObject({
      hosts: { value: 'web,!old' },
      become: { enabled: true, user: 'app' },
      tags: ['a', 'b'],
      env: { value: { LANG: 'C', N: 1, ON: true } },
      vars: { value: { x: 1 } },
      strategy: 'linear',
    });
  });

  test('has stable ids for its tasks and handlers, by place and not by name', async () => {
    const { playbook } = await parse(
      '- { hosts: a, tasks: [debug: x] }\n- hosts: b\n  tasks: [debug: x, debug: y]\n  handlers: [{ name: h, debug: z }]\n',
    );
    const ids = playbook?.plays.map((play) => [...play.nodes, ...play.handlers].map((task) => task.id));
    expect(ids).toEqual([['0/0'], ['1/0', '1/1', '1/handlers/0']]);
  });

  test('takes its name from its hosts when it has none', async () => {
    const { playbook } = await parse('hosts: web:!old\ntasks: []\n');
    expect(playbook?.plays[0]?.name).toBe('web:!old');
  });
});

test('a playbook with any mistake is no playbook', async () => {
  const { playbook, codes } = await parse('hosts: all\ntasks:\n  - debug: fine\n  - file: { pth: /x }\n');
  expect(playbook).toBeUndefined();
  expect(codes).toEqual(['E_PARAM_UNKNOWN']);
});

test('mistakes in YAML that leave the rest readable come together with the others', async () => {
  const { codes } = await parse('hosts: all\nhosts: web\ntasks:\n  - debg: x\n');
  expect(codes).toEqual(['E_YAML_DUPLICATE_KEY', 'E_MODULE_UNKNOWN']);
});

test('anchors and merge keys work across tasks', async () => {
  const { playbook, problems } = await parse(
    'vars:\n  owned: &owned { owner: app, mode: 750 }\nhosts: all\ntasks:\n  - file: { <<: *owned, path: /a }\n  - file: { <<: *owned, path: /b, mode: 0700 }\n',
  );
  expect(problems).toEqual([]);
  expect(tasksOf(playbook).map((task) => task.args.value)).toEqual([
    { path: '/a', owner: 'app', mode: '0750' },
    { path: '/b', owner: 'app', mode: '0700' },
  ]);
});
