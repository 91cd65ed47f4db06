import { describe, expect, test } from 'vitest';
import { parse, tasksOf } from './toy-modules.ts';

/** The parameters of one task. */
async function args(task: string): Promise<unknown> {
  const { playbook, problems } = await parse(`hosts: all\ntasks:\n  - ${task}\n`);
  expect(problems).toEqual([]);
  return tasksOf(playbook)[0]?.args.value;
}

async function codes(task: string): Promise<string[]> {
  return (await parse(`hosts: all\ntasks:\n  - ${task}\n`)).codes;
}

describe('the short form of a module', () => {
  test.each([
    ['file: /srv', { path: '/srv' }],
    ['command: ls -l', { cmd: 'ls -l' }],
    ['package: [nginx, git]', { name: ['nginx', 'git'] }],
    ['debug: 5', { msg: 5 }],
    ['debug: a=b', { msg: 'a=b' }],
    ['debug:', {}],
    ['command: dd if=/dev/zero of=/tmp/x', { cmd: 'dd if=/dev/zero of=/tmp/x' }],
    ['file: /srv/a=b', { path: '/srv/a=b' }],
  ])('%s', async (task, value) => {
    expect(await args(task)).toEqual(value);
  });

  test('points at what was written', async () => {
    const text = 'hosts: all\ntasks:\n  - package: [nginx, git]\n';
    const { playbook } = await parse(text);
    const { args: given } = tasksOf(playbook)[0] ?? {};
    const shown = (path?: (string | number)[], side?: 'key') => {
      const at = given?.locate(path, side);
      return text.slice(at?.start, at?.end);
    };
    expect([shown(['name']), shown(['name', 1]), shown(), shown([], 'key')]).toEqual([
      '[nginx, git]',
      'git',
      '[nginx, git]',
      'package',
    ]);
  });
});

describe('a template may stand for anything until it is rendered', () => {
  test.each([
    'file: { path: "{{app}}", mode: "{{mode}}", recurse: "{{deep}}", state: "{{state}}" }',
    'ports: { open: "{{list}}" }',
    'ports: { open: ["{{one}}", { port: "{{port}}" }] }',
    'package: "{{packages}}"',
    'command: { argv: "{{words}}" }',
  ])('%s', async (task) => {
    expect(await codes(task)).toEqual([]);
  });

  test('but what stands beside it is still checked', async () => {
    expect(await codes('file: { path: "{{app}}", recurse: yes, colour: "{{red}}" }')).toEqual([
      'E_PARAM_UNKNOWN',
      'E_PARAM_TYPE',
    ]);
    expect(await codes('service: { name: "{{name}}" }')).toEqual(['E_PARAM_MISSING']);
  });
});

describe('numbers whose digits were kept', () => {
  test('are numbers where a number is wanted', async () => {
    expect(await args('ports: { open: [{ port: 080, weight: 1.0 }, { port: 81, weight: 2.50 }] }')).toEqual({
      open: [
        { port: 80, weight: 1 },
        { port: 81, weight: 2.5 },
      ],
    });
  });

  test('and text where text is', async () => {
    expect(await args('package: { name: 1.10 }')).toEqual({ name: '1.10' });
  });

  test('but text in quotes is no number', async () => {
    expect(await codes("ports: { open: [{ port: 80, weight: '1.0' }] }")).toEqual(['E_PARAM_TYPE']);
  });
});

test('every misspelling by one letter of every parameter is noticed', async () => {
  for (const name of ['path', 'state', 'mode', 'owner', 'recurse'])
    for (let i = 0; i < name.length; i++) {
      const typo = `${name.slice(0, i)}x${name.slice(i + 1)}`;
      const { problems } = await parse(`hosts: all\ntasks:\n  - file: { path: /srv, ${typo}: /srv }\n`);
      expect(problems).toMatchObject([{ code: 'E_PARAM_UNKNOWN', facts: { name: typo, similar: name } }]);
    }
});
