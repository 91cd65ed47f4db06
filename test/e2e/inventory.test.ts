import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtPlay } from '../rig/built.ts';
import { createDesk, type Desk } from '../rig/cli.ts';

const hosts = `[web]
web1 port=8080 url="http://{{ host.name }}:{{ port }}/"
web2 os="{{ facts.os.family }}"
[db]
db1 "tags=['a', 'b']"
[site:children]
web
db
[web:vars]
port=80
`;

/** A desk with the inventory above, whose programs may be run. */
async function openDesk(files: Record<string, string> = {}): Promise<Desk> {
  const desk = await createDesk({ hosts, ...files });
  for (const [name, text] of Object.entries(files)) if (text.startsWith('#!')) chmodSync(join(desk.dir, name), 0o755);
  return desk;
}

describe('play inventory', () => {
  test('prints data that is an inventory again: the same hosts, groups and variables', async () => {
    await using desk = await openDesk({
      'again.sh': `#!/bin/sh\nexec ${process.execPath} ${await builtPlay()} inventory -i hosts --list\n`,
    });
    const first = await desk.play(['inventory', '-i', 'hosts', '--list']);
    const again = await desk.play(['inventory', '-i', 'again.sh', '--list']);
    expect(first.stderr).toBe('1 value needs a playbook or facts and is shown as written\n');
    expect({ exit: again.exit, stderr: again.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(first.stdout));
    expect(JSON.parse(first.stdout)).toEqual({
      _meta: {
        hostvars: {
          web1: { port: 8080, url: 'http://web1:8080/' },
          web2: { port: 80, os: '{{ facts.os.family }}' },
          db1: { tags: ['a', 'b'] },
        },
      },
      all: { children: ['ungrouped', 'site'] },
      site: { children: ['web', 'db'] },
      web: { hosts: ['web1', 'web2'] },
      db: { hosts: ['db1'] },
    });
  });

  test('prints YAML that is an inventory again', async () => {
    await using desk = await openDesk();
    const { stdout } = await desk.play(['inventory', '-i', 'hosts', '--list', '--format', 'yaml']);
    desk.file('again.yml', stdout);
    const [first, again] = await Promise.all(
      ['hosts', 'again.yml'].map((name) => desk.play(['inventory', '-i', name, '--graph', '--vars'])),
    );
    expect(again).toMatchObject({ exit: 0, stdout: first?.stdout });
  });

  test('draws the groups, with the variables when asked', async () => {
    await using desk = await openDesk();
    const plain = await desk.play(['inventory', '-i', 'hosts']);
    expect(plain.stdout).toBe(
      '@all:\n  |--@ungrouped:\n  |--@site:\n  |  |--@web:\n  |  |  |--web1\n  |  |  |--web2\n  |  |--@db:\n  |  |  |--db1\n',
    );
    const vars = await desk.play(['inventory', '-i', 'hosts', '--vars', '-l', 'web1']);
    expect(vars.stdout).toBe(
      '@all:\n  |--@site:\n  |  |--@web:\n  |  |  |--web1\n  |  |  |  |--{port = 8080}\n  |  |  |  |--{url = http://web1:8080/}\n',
    );
  });

  test('shows on a terminal where each variable of a host comes from, and what it wins over', async () => {
    await using desk = await openDesk({ 'host_vars/web1.yml': 'port: 9090' });
    const { stdout } = await desk.play(['inventory', '-i', 'hosts', '--host', 'web1'], { tty: true });
    expect(stdout.replaceAll('\r', '')).toBe(
      [
        'web1 (all, site, web)',
        '  port = 9090                host_vars/web1.yml:1',
        '    not 8080                 host web1, hosts:2',
        '    not 80                   group web, hosts:10',
        '  url = "http://web1:9090/"  host web1, hosts:2',
        '',
      ].join('\n'),
    );
  });

  test('explains a pattern part by part', async () => {
    await using desk = await openDesk();
    const { stdout } = await desk.play(['inventory', '-i', 'hosts', '!web2:site:&web:&all']);
    expect(stdout).toBe(
      '  site   adds 3: web1, web2, db1\n  &web   leaves out 1: db1 (2 left)\n  &all   leaves out nobody (2 left)\n  !web2  takes away 1: web2 (1 left)\n1 host:\n  web1\n',
    );
  });

  test.each([
    [['nobody'], 'no host or group matches "nobody"'],
    [['wbe'], 'did you mean "web"?'],
    [['--host', 'web11'], 'did you mean "web1"?'],
    [['-l', 'dbx', '--list'], 'did you mean "db"?'],
    [['--list', '--graph'], "option '--list' cannot be used with option '--graph'"],
    [['--format', 'xml'], 'Allowed choices are json, yaml'],
  ])('says what is wrong with %s', async (args, words) => {
    await using desk = await openDesk();
    const { exit, stdout, stderr } = await desk.play(['inventory', '-i', 'hosts', ...args]);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain(words);
  });

  test('underlines the mistake in an INI file', async () => {
    await using desk = await openDesk({ bad: '[web]\nweb1 port=80 password=a#b\n' });
    const { exit, stderr } = await desk.play(['inventory', '-i', 'bad']);
    expect(exit).toBe(2);
    expect(stderr).toBe(
      [
        'error[E_INI_HASH] "password=a#b" holds "#", and everything from there on would be a comment',
        '  --> bad:2:14',
        '   |',
        ' 2 | web1 port=80 password=a#b',
        '   |              ^^^^^^^^^^^^',
        '   = help: put the value in quotes; for a comment, write a space before the "#"',
        '',
        '1 problem',
        '',
      ].join('\n'),
    );
  });
});

describe('a playbook', () => {
  const book = `- hosts: made
  tasks:
    - shell: echo {{note}} >> log
      name: write {{base}}
`;

  test('runs on hosts of a program and of groups that follow, and takes their text for what it is', async () => {
    const list = {
      own: ['one', 'two'],
      _meta: { hostvars: { one: { role: 'a', note: '{{ env.HOME }} $(id)' }, two: { role: 'b' } } },
    };
    await using desk = await openDesk({
      'cloud.sh': `#!/bin/sh\necho "$1" >> calls\ncat <<'END'\n${JSON.stringify(list)}\nEND\n`,
      'groups.yml': 'constructed:\n  groups:\n    made: role == "a"\n',
      more: '[all:vars]\nansible_connection=local\nbase="/srv/{{ role }}"\n',
      'site.yml': book,
    });
    const args = ['site.yml', '-i', 'cloud.sh', '-i', 'groups.yml', '-i', 'more', '-o', 'lines'];
    const { exit, stdout, stderr } = await desk.play(args);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toContain('write /srv/a');
    expect(readFileSync(join(desk.dir, 'log'), 'utf8')).toBe('{{ env.HOME }} $(id)\n');
    expect(readFileSync(join(desk.dir, 'calls'), 'utf8')).toBe('--list\n');
  });

  test('is not run when the program fails, and lint says so too', async () => {
    await using desk = await openDesk({
      'cloud.sh': '#!/bin/sh\necho "token expired" >&2\nexit 1\n',
      'site.yml': book,
    });
    const ran = await desk.play(['site.yml', '-i', 'cloud.sh']);
    const lint = await desk.play(['lint', 'site.yml', '-i', 'cloud.sh']);
    expect([ran.exit, lint.exit]).toEqual([2, 2]);
    for (const text of [ran.stdout + ran.stderr, lint.stdout])
      expect(text).toContain('"cloud.sh --list" failed with exit code 1; it said:\n  token expired');
  });
});
