import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* Blocks, rescue and always, included files and roles, as their authors use them: on hosts behind a real sshd. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('ssh');
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

const log = (text: string): string => `shell: echo ${text} >> {{place}}/log`;

describe('rescue and always', () => {
  test('a failure leads to the rescue, which sees what failed; the host goes on and the run is fine', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - name: upgrade
      block:
        - name: try
          shell: echo broken >&2; test {{host.name}} != web2
        - name: only where it went well
          ${log('went-well')}
      rescue:
        - name: back
          shell: echo "{{failed_task.name}}, {{failed_result.rc}}, {{failed_result.stderr}}" >> {{place}}/log
      always:
        - name: in any case
          ${log('always')}
    - name: after
      ${log('after')}
`);
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'log')).toBe('went-well\nalways\nafter\n');
    expect(stage.read('web2', 'log')).toBe('try, 1, broken\nalways\nafter\n');
    expect(story.did('web2')).toEqual(['failed try (rescued)', 'changed back', 'changed in any case', 'changed after']);
  });

  test('nested: the inner always comes before the outer rescue; a rescue that fails as well is the business of the outer one', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - block:
        - block:
            - block:
                - name: first fault
                  command: "false"
              always:
                - ${log('inner-always')}
          rescue:
            - ${log('middle-rescue')}
            - name: second fault
              command: test 1 = 2
          always:
            - ${log('middle-always')}
        - name: never
          ${log('never')}
      rescue:
        - shell: echo "outer {{failed_task.name}}" >> {{place}}/log
      always:
        - ${log('outer-always')}
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'log')).toBe(
      'inner-always\nmiddle-rescue\nmiddle-always\nouter second fault\nouter-always\n',
    );
  });

  test('always without a rescue: the failure stands, and nothing after the block is done', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - block:
        - name: breaks
          command: "false"
      always:
        - ${log('always')}
    - ${log('after')}
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(3);
    expect(stage.read('web1', 'log')).toBe('always\n');
    expect(story.did('web1')[0]).toBe('failed breaks');
  });

  test('in a loop, each item has a rescue of its own', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - loop: [a, b, c]
      block:
        - name: try
          shell: test {{item}} != b && echo {{item}} >> {{place}}/log
      rescue:
        - shell: echo "not {{item}}, number {{index}}" >> {{place}}/log
      always:
        - ${log('done-{{item}}')}
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'log')).toBe('a\ndone-a\nnot b, number 1\ndone-b\nc\ndone-c\n');
  });

  test('a failure inside an included file and inside a role leads to the rescue around', async () => {
    stage.desk.file('breaks.yml', '- { name: breaks, command: "false" }\n');
    stage.desk.file('roles/fragile/tasks/main.yml', '- include: ../../../breaks.yml\n');
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - block:
        - include: breaks.yml
      rescue:
        - ${log('rescued-include')}
    - block:
        - role: fragile
      rescue:
        - shell: echo "rescued {{failed_task.name}}" >> {{place}}/log
`,
      ['-l', 'web1'],
    );
    expect(story.stderr).toBe('');
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'log')).toBe('rescued-include\nrescued breaks\n');
  });

  test('a host that cannot be reached is rescued as well, by work that is done elsewhere', async () => {
    stage.desk.file(
      'gone.yml',
      'all:\n  hosts:\n    gone: { ansible_host: 127.0.0.1, ansible_port: 1, ansible_user: x }\n',
    );
    const story = await stage.run(
      `
- hosts: gone
  tasks:
    - name: look
      block:
        - name: ask it
          command: uptime
      rescue:
        - name: tell
          shell: echo "gone {{failed_result.unreachable}}" > told.txt
          delegate_to: localhost
      always:
        - name: in any case
          debug: done
- hosts: gone
  tasks:
    - name: still there for the next play
      debug: hello
`,
      ['-i', 'gone.yml'],
    );
    expect(story.exit).toBe(0);
    expect(story.did('gone')).toEqual(['changed tell', 'ok in any case', 'ok still there for the next play']);
    expect(story.stdout).toContain('gone');
  });

  test('check mode goes through the body only, and never crashes over what is not known', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - block:
        - name: look
          command: cat /nowhere
          register: look
        - name: use
          command: echo {{look.stdout}}
        - name: if
          block:
            - ${log('inside')}
          when: look.rc == 0
        - name: each
          loop: look.stdout_lines
          block:
            - ${log('inside-{{item}}')}
      rescue:
        - ${log('rescue')}
      always:
        - name: last
          copy: { dest: "{{place}}/log", content: x }
`,
      ['-l', 'web1', '--check'],
    );
    expect(story.exit).toBe(0);
    expect(story.did('web1')).toEqual([
      'unknown look',
      'unknown use',
      'unknown if',
      'unknown each',
      'would-change last',
    ]);
    expect(story.told('web1', 'each')).toContain('depends on "look", which does not run in check mode');
  });
});

describe('include', () => {
  test('with gives names to a file, again for each item, only where its condition holds', async () => {
    stage.desk.file('site.tasks.yml', `- shell: echo "{{name}} {{port}}" >> {{place}}/log\n`);
    const story = await stage.run(`
- hosts: all
  vars: { port: 80 }
  tasks:
    - include: site.tasks.yml
      with: { name: plain }
    - include: site.tasks.yml
      with: { name: "{{item}}", port: "{{= 8000 + index }}" }
      loop: [shop, blog, wiki]
      when: item != "blog" && host.name == "web1"
`);
    expect(story.stderr).toBe('');
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'log')).toBe('plain 80\nshop 8000\nwiki 8002\n');
    expect(stage.read('web2', 'log')).toBe('plain 80\n');
  });

  test('a name with a fact takes the file of each host; without one that fits, all of them are checked before', async () => {
    stage.desk.file('setup-linux.yml', `- ${log('for-linux')}\n`);
    stage.desk.file('setup-freebsd.yml', `- ${log('for-freebsd')}\n`);
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - include: "setup-{{= facts.kernel != '' ? 'linux' : 'freebsd' }}.yml"
`,
      ['-l', 'web1'],
    );
    expect(story.stderr).toBe('');
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'log')).toBe('for-linux\n');
  });

  test('what a file registers is there afterwards; files include files, relative to themselves', async () => {
    stage.desk.file('parts/outer.yml', '- include: inner.yml\n- command: echo outer\n  register: outer\n');
    stage.desk.file('parts/inner.yml', '- command: echo inner\n  register: inner\n');
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - include: parts/outer.yml
    - copy: { dest: "{{place}}/log", content: "{{inner.stdout}} {{outer.stdout}}" }
`,
      ['-l', 'web1'],
    );
    expect(story.stderr).toBe('');
    expect(stage.read('web1', 'log')).toBe('inner outer');
  });
});

describe('role', () => {
  test('its outputs are what its caller registers, of each item of a loop as well; its own registers stay in it', async () => {
    stage.desk.file(
      'roles/release/role.yml',
      "params:\n  name: { type: string, required: true }\noutputs:\n  path: '/srv/{{name}}/{{id.stdout}}'\n",
    );
    stage.desk.file('roles/release/tasks/main.yml', '- command: echo 7\n  register: id\n');
    const book = `
- hosts: all
  tasks:
    - command: echo mine
      register: id
    - role: release
      with: { name: shop }
      register: one
    - role: release
      with: { name: "{{item}}" }
      loop: [blog, wiki]
      register: many
    - copy:
        dest: "{{place}}/log"
        content: "{{one.path}} {{= json(many.results.map(r, r.path)) }} {{one.changed}} {{id.stdout}}"
`;
    const story = await stage.run(book, ['-l', 'web1']);
    expect(story.stderr).toBe('');
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'log')).toBe('/srv/shop/7 ["/srv/blog/7","/srv/wiki/7"] true mine');
    const checked = await stage.run(book, ['-l', 'web1', '--check']);
    expect(checked.exit).toBe(0);
    expect(checked.did('web1').at(-1)).toMatch(/^unknown copy/);
  });

  test('with wins over a register of the same name; a handler sees the variables of its role', async () => {
    stage.desk.file('roles/app/role.yml', 'params:\n  version: { type: string, default: none }\n');
    stage.desk.file(
      'roles/app/tasks/main.yml',
      `- name: install {{version}}\n  shell: echo install {{version}} >> {{place}}/log\n  notify: restart\n`,
    );
    stage.desk.file(
      'roles/app/handlers/main.yml',
      `- name: restart\n  shell: echo restart {{version}} >> {{place}}/log\n`,
    );
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - command: echo 9
      register: version
    - role: app
      with: { version: "1.{{item}}" }
      loop: [1, 2]
    - role: app
      with: { version: "{{version.stdout}}" }
`,
      ['-l', 'web1'],
    );
    expect(story.stderr).toBe('');
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'log')).toBe(
      'install 1.1\ninstall 1.2\ninstall 9\nrestart 1.1\nrestart 1.2\nrestart 9\n',
    );
  });
});

describe('tags and what is inherited', () => {
  test('blocks, included files and roles hand their tags, become and env on', async () => {
    stage.desk.file('tagged.yml', `- { name: in the file, debug: x }\n- { name: only now, debug: x, tags: never }\n`);
    stage.desk.file(
      'roles/plain/tasks/main.yml',
      `- { name: in the role, shell: 'echo "$WHO $(id -un)" > {{place}}/log' }\n`,
    );
    const book = `
- hosts: all
  tasks:
    - block:
        - { name: in the block, debug: x }
        - include: tagged.yml
      tags: [part]
    - role: plain
      tags: role
      become: true
      env: { WHO: me }
    - { name: plain, debug: x }
`;
    const names = async (...args: string[]): Promise<string> =>
      (await stage.run(book, ['-l', 'web1', ...args]))
        .did('web1')
        .map((line) => line.replace(/^\w+ /, ''))
        .join(', ');
    expect(await names('-t', 'part')).toBe('in the block, in the file, only now');
    expect(await names('-t', 'role')).toBe('in the role');
    expect(stage.read('web1', 'log')).toBe('me root\n');
    expect(await names('--skip-tags', 'part,role')).toBe('plain');
    expect(await names()).toBe('in the block, in the file, in the role, plain');
  });
});
