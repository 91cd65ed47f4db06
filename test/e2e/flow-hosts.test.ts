import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* Which hosts a task runs on and how they are reached: play keys, delegation; and where a run begins. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('ssh', 2);
});
afterEach(async () => {
  await stage.clean();
  await rm(join(stage.desk.dir, 'host_vars'), { recursive: true, force: true });
});
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('connection, port and remote_user of a play', () => {
  const bare = (): void => {
    const account = stage.rig?.accounts['app'];
    const key = stage.rig?.key;
    const host = { ansible_host: stage.rig?.addresses[0], ansible_ssh_private_key_file: key };
    const other = { ...host, ansible_host: stage.rig?.addresses[1], ansible_user: account?.name };
    stage.desk.file('bare.yml', JSON.stringify({ all: { hosts: { bare: host, own: other } } }));
  };
  const run = (book: string, ...args: string[]) => {
    stage.desk.file('bare-site.yml', book);
    return stage.desk.play(['bare-site.yml', '-i', 'bare.yml', '-o', 'lines', ...args]);
  };

  test('hold for hosts of which the inventory says nothing; a second play may reach the same host in another way', async () => {
    bare();
    const user = stage.rig?.accounts['app']?.name;
    const { exit, stdout, stderr } = await run(`
- hosts: all
  remote_user: ${user}
  port: ${stage.rig?.port}
  tasks:
    - name: over there
      shell: echo "$(id -un) \${SSH_CONNECTION:+ssh}"
      register: who
    - assert: { that: 'who.stdout == "${user} ssh"' }
- hosts: bare
  connection: local
  tasks:
    - shell: echo "\${SSH_CONNECTION:-here}"
      register: where
    - assert: { that: 'where.stdout == "here" && who.stdout != ""' }
- hosts: own
  port: ${stage.rig?.port}
  remote_user: nobody
  tasks:
    - command: id -un
      register: own
    - assert: { that: 'own.stdout == "${user}"' }
`);
    expect(stderr).toBe('');
    expect(stdout).toContain('done · 2 hosts');
    expect(exit).toBe(0);
  });

  test('what cannot be is refused before the run', async () => {
    bare();
    const { exit, stderr } = await run(`
- hosts: bare
  connection: winrm
  port: 99999
  remote_user: '{{me}}'
  tasks: []
`);
    expect(exit).toBe(2);
    expect(stderr).toContain('"connection" cannot be "winrm"');
    expect(stderr).toContain('a number from 1 to 65535');
    expect(stderr).toContain('set ansible_user in the inventory');
  });
});

describe('delegate_to', () => {
  test('variables and facts are those of the host it is for, the connection and its user those of the delegate', async () => {
    stage.desk.file('host_vars/web1.yml', 'color: red\n');
    stage.desk.file('host_vars/web2.yml', 'color: blue\nbecome: true\n');
    const address = stage.rig?.addresses ?? [];
    const story = await stage.run(
      `
- hosts: web1
  tasks:
    - set_fact: { mark: "of {{host.name}}" }
    - name: over there
      shell: echo "{{color}} {{mark}} {{facts.hostname}}; $(id -un)"
      delegate_to: web2
      register: there
    - shell: echo "$SSH_CONNECTION" | cut -d' ' -f3
      delegate_to: web2
      become: false
      register: address
    - name: at the desk
      shell: echo "{{color}} \${SSH_CONNECTION:-here}" > desk.txt
      delegate_to: localhost
    - copy: { dest: "{{place}}/seen", content: "{{there.stdout}} {{address.stdout}}" }
- hosts: web2
  tasks:
    - assert: { that: '!has(vars.there) && !has(vars.mark)' }
`,
    );
    expect(story.stdout).not.toContain('✖');
    expect(story.exit).toBe(0);
    const [mine, where] = stage.read('web1', 'seen').split('; ');
    expect(mine).toMatch(/^red of web1 \S+$/);
    expect(where).toBe(`root ${address[1]}`);
    expect(readFileSync(join(stage.desk.dir, 'desk.txt'), 'utf8')).toBe('red here\n');
    expect(story.did('web1')).toContain('changed over there');
  });

  test('a block hands it on, its handlers do not inherit it, and a loop may name a host for each item', async () => {
    const story = await stage.run(
      `
- hosts: web1
  tasks:
    - block:
        - shell: echo "$SSH_CONNECTION" | cut -d' ' -f3 > {{place}}/{{item}}
      loop: [web1, web2]
      delegate_to: "{{item}}"
`,
    );
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'web2')).toBe(`${stage.rig?.addresses[1]}\n`);
    expect(stage.read('web1', 'web1')).toBe(`${stage.rig?.addresses[0]}\n`);
  });
});

describe('hosts and groups that the run adds', () => {
  const address = (): string => stage.rig?.addresses[1] ?? '';
  const made = (): string => `
- hosts: web1
  tasks:
    - command: echo fresh
      register: started
    - name: remember
      add_host: { name: new1, groups: "{{started.stdout}}", ansible_host: ${address()}, color: green, place: "{{place}}" }
    - group_by: { key: "kernel {{facts.kernel}}", parents: unix }
    - assert: { that: 'groups["fresh"] == ["new1"] && hosts["new1"].vars.color == "green"' }
`;

  test('later plays are about them, by name, by group, by the group around; also when --limit names only old ones', async () => {
    const story = await stage.run(
      `${made()}
- hosts: fresh
  tasks:
    - shell: echo "{{color}} $(echo $SSH_CONNECTION | cut -d' ' -f3)" > {{place}}/new
- hosts: kernel-*:&unix
  tasks:
    - { name: grouped, debug: "{{host.name}}" }
- hosts: web2,new1
  tasks:
    - { name: last, debug: "{{host.name}}" }
`,
      ['-l', 'web1'],
    );
    expect(story.stderr).toBe('');
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'new')).toBe(`green ${address()}\n`);
    expect(story.did('web1').at(-1)).toBe('ok grouped');
    expect(story.did('new1').at(-1)).toBe('ok last');
    expect(story.did('web2')).toEqual([]);
  });

  test('a pattern that no task can make true is still a mistake; one that none has made true has no hosts', async () => {
    const wrong = await stage.run(`
- hosts: web1
  tasks:
    - group_by: { key: "os_{{facts.os.family}}" }
- hosts: oss_debian
  tasks: []
`);
    expect(wrong.exit).toBe(2);
    expect(wrong.stderr).toContain('oss_debian');
    const none = await stage.run(`
- hosts: web1
  tasks:
    - group_by: { key: "os_{{facts.os.family}}" }
- hosts: os_plan9
  tasks:
    - { name: never, command: "false" }
`);
    expect(none.stderr).toBe('');
    expect(none.exit).toBe(0);
    expect(none.did('web1')).toHaveLength(1);
  });

  test('in check mode too; a host that cannot be described like that fails its task', async () => {
    const checked = await stage.run(
      `
- hosts: web1
  tasks:
    - add_host: { name: new1, groups: [fresh], ansible_host: ${address()} }
- hosts: fresh
  tasks:
    - { name: there, debug: x }
`,
      ['--check'],
    );
    expect(checked.exit).toBe(0);
    expect(checked.did('new1')).toEqual(['ok there']);
    const wrong = await stage.run(`
- hosts: web1
  tasks:
    - add_host: { name: new2, ansible_port: many }
`);
    expect(wrong.exit).toBe(3);
    expect(wrong.stdout).toContain('a number from 1 to 65535');
  });
});

describe('where a run begins', () => {
  const book = `
- hosts: web1
  tasks:
    - { name: one, shell: echo one >> {{place}}/log }
    - block:
        - { name: two, shell: echo two >> {{place}}/log }
        - { name: three, shell: echo three >> {{place}}/log, notify: restart }
    - { name: four, shell: echo four >> {{place}}/log }
  handlers:
    - { name: restart, shell: echo restart >> {{place}}/log }
`.replaceAll(/shell: (.*?\/log)/g, "shell: '$1'");

  test('--start-at leaves out what stands before, inside of blocks too; handlers work', async () => {
    const story = await stage.run(book, ['--start-at', 'three']);
    expect(story.stderr).toBe('');
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'log')).toBe('three\nfour\nrestart\n');
  });

  test('--start-at a name that is not there: what was meant is said, and nothing runs', async () => {
    const story = await stage.run(book, ['--start-at', 'thre']);
    expect(story.exit).toBe(2);
    expect(story.stderr).toContain('--start-at "thre": no task has this name');
    expect(story.stderr).toContain('did you mean "three"?');
  });

  test('--start-at behind a register that is needed is found before the run', async () => {
    const story = await stage.run(
      `
- hosts: web1
  tasks:
    - { name: asks, command: id, register: who }
    - { name: uses, command: "echo {{who.stdout}}" }
`,
      ['--start-at', 'uses'],
    );
    expect(story.exit).toBe(2);
    expect(story.stderr).toContain('--start-at');
  });

  test('--step asks before each task: yes, no, and go on without asking', async () => {
    const playing = await stage.start(book, ['--step'], { tty: true });
    await playing.says('one: run it?');
    playing.type('y\n');
    await playing.says('two: run it?');
    playing.type('n\n');
    await playing.says('three: run it?');
    playing.type('c\n');
    const story = stage.story(await playing.done);
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'log')).toBe('one\nthree\nfour\nrestart\n');
    expect(story.did('web1')).toContain('skipped two');
  });

  test('--step without a terminal is refused, and nothing runs', async () => {
    const story = await stage.run(book, ['--step']);
    expect(story.exit).toBe(2);
    expect(story.stderr).toContain('--step asks before each task, and there is no terminal to ask on');
    expect(existsSync(join(stage.desk.dir, 'log'))).toBe(false);
    expect(stage.read('web1', 'log')).toBe('');
  });
});
