import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* What the words of a playbook mean, as its author sees it: on three hosts behind a real sshd. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('ssh');
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

const every = ['web1', 'web2', 'web3'];

describe('deciding', () => {
  test('when: a task is skipped on the hosts where the condition does not hold, and the reason is told', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - name: only here
      command: echo hello
      when: host.name == "web2"
      register: said
    - name: where it was said
      command: echo again {{said.stdout}}
      when: "!said.skipped"
    - name: all of a list
      command: echo yes
      when: [host.name != "web1", 'host.name != "web3"']
`);
    expect(story.exit).toBe(0);
    expect(story.did('web1')).toEqual(['skipped only here', 'skipped where it was said', 'skipped all of a list']);
    expect(story.did('web2')).toEqual(['changed only here', 'changed where it was said', 'changed all of a list']);
    expect(story.told('web1', 'only here')).toBe('skipped only here when: host.name == "web2"');
  });

  test('changed_when and failed_when judge by the result; ignore_errors lets a failure pass and says so', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - name: only looks
      command: echo same
      register: look
      changed_when: look.stdout != "same"
    - name: complains on stdout
      command: echo ERROR 7
      failed_when: result.stdout.contains("ERROR")
      ignore_errors: true
      register: complaint
    - name: status 1 is fine
      shell: exit 1
      failed_when: result.rc > 1
    - name: goes on
      shell: echo "{{complaint.failed}} {{complaint.msg}}" > {{place}}/note
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(0);
    expect(story.did('web1')).toEqual([
      'ok only looks',
      'failed complains on stdout (ignored)',
      'changed status 1 is fine',
      'changed goes on',
    ]);
    expect(stage.read('web1', 'note')).toBe('true failed_when: result.stdout.contains("ERROR")\n');
    expect(story.told('web1', 'complains')).toContain('failed_when: result.stdout.contains("ERROR")');
  });

  test('until tries again until it holds; retry alone tries again after failures', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - name: third time
      shell: echo x >> {{place}}/tries; grep -c x {{place}}/tries
      register: tries
      until: int(tries.stdout) >= 3
      retry: { attempts: 5, delay: 20ms }
    - name: second time
      shell: echo x >> {{place}}/again; grep -c x {{place}}/again | grep 2
      retry: { attempts: 3, delay: 20ms }
    - name: never
      shell: echo busy; exit 3
      until: result.stdout == "ready"
      retry: { attempts: 2, delay: 20ms }
      ignore_errors: true
    - name: a field that never comes
      shell: echo '{}'
      register: health
      until: from_json(health.stdout).version == "2"
      retry: { attempts: 2, delay: 20ms }
    - name: not reached
      debug: no
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(3);
    expect(story.did('web1')).toEqual([
      'changed third time',
      'changed second time',
      'failed never (ignored)',
      'failed a field that never comes',
    ]);
    expect(story.told('web1', 'third time')).toContain('3 attempts');
    expect(story.told('web1', 'a field')).toContain('did not hold after 2 attempts');
  });
});

describe('loops', () => {
  test('every item is a step of its own with its label; all items run, then the task fails', async () => {
    const story = await stage.run(
      `
- hosts: all
  vars: { users: [ { name: ann, shell: sh }, { name: bob, shell: zsh } ] }
  tasks:
    - name: user
      shell: echo "{{item.name}} {{index}}" >> {{place}}/users
      loop: "{{users}}"
      loop_control: { label: "{{item.name}}" }
      register: made
    - name: items with zsh
      shell: echo "{{item}}" >> {{place}}/zsh
      loop: users.filter(u, u.shell == "zsh").map(u, u.name)
    - name: some fail
      shell: test {{item}} != 2
      loop: [1, 2, 3]
      register: some
    - name: not reached
      debug: no
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(3);
    expect(story.did('web1')).toEqual([
      'changed user [ann]',
      'changed user [bob]',
      'changed items with zsh [bob]',
      'changed some fail [1]',
      'failed some fail [2]',
      'changed some fail [3]',
    ]);
    expect(stage.read('web1', 'users')).toBe('ann 0\nbob 1\n');
  });

  test('the register of a loop holds all results; of an empty one none, and the task says so', async () => {
    const story = await stage.run(
      `
- hosts: all
  vars: { none: [] }
  tasks:
    - name: odd ones
      command: echo {{item}}
      loop: [1, 2, 3]
      when: item != 2
      register: odd
    - name: nothing to do
      command: echo {{item}}
      loop: "{{none}}"
      register: nothing
    - name: told
      copy:
        dest: "{{place}}/told"
        content: "{{= json(odd.results.map(r, r.skipped))}} {{odd.skipped}} {{= size(nothing.results)}} {{nothing.skipped}}"
`,
      ['-l', 'web1'],
    );
    expect(story.stderr).toBe('');
    expect(story.did('web1')).toEqual([
      'changed odd ones [1]',
      'skipped odd ones [2]',
      'changed odd ones [3]',
      'skipped nothing to do',
      'changed told',
    ]);
    expect(stage.read('web1', 'told')).toBe('[false,true,false] false 0 true');
    expect(story.told('web1', 'nothing to do')).toBe('skipped nothing to do the loop has no items');
  });

  test('a loop that waits for each item stops at none of them either', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - name: on the neighbour
      shell: echo {{item}} >> {{place}}/items; test {{item}} != b
      loop: [a, b, c]
      delegate_to: web2
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(3);
    expect(story.did('web1')).toEqual([
      'changed on the neighbour [a]',
      'failed on the neighbour [b]',
      'changed on the neighbour [c]',
    ]);
    expect(stage.read('web1', 'items')).toBe('a\nb\nc\n');
  });
});

describe('handlers', () => {
  const log = (text: string): string => `shell: echo ${text} >> {{place}}/log`;

  test('run once, in the order they are written, after the tasks; also those that handlers notify', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - name: first
      ${log('first')}
      notify: [reload, restart]
    - name: second
      ${log('second')}
      notify: restart
    - name: as it was
      shell: "true"
      changed_when: "false"
      notify: never
  handlers:
    - name: restart
      ${log('restart')}
      notify: check
    - name: reload
      ${log('reload')}
    - name: check
      ${log('check')}
    - name: never
      ${log('never')}
`,
    );
    expect(story.exit).toBe(0);
    for (const host of every) {
      expect(stage.read(host, 'log')).toBe('first\nsecond\nrestart\nreload\ncheck\n');
      expect(story.did(host).slice(-3)).toEqual([
        'changed restart (handler)',
        'changed reload (handler)',
        'changed check (handler)',
      ]);
    }
  });

  test('do not run on a host that failed, which is said; the other hosts run theirs', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - name: change
      ${log('change')}
      notify: restart
    - name: breaks
      command: test {{host.name}} != web2
  handlers:
    - name: restart
      ${log('restart')}
`);
    expect(story.exit).toBe(3);
    expect(stage.read('web1', 'log')).toBe('change\nrestart\n');
    expect(stage.read('web2', 'log')).toBe('change\n');
    expect(story.stdout).toMatch(/^not run {3}restart {2}web2$/m);
    const shown = await stage.desk.play(['show']);
    expect(shown.stdout).toMatch(/^not run {3}restart {2}web2$/m);
  });

  test('an unchanged file notifies nobody', async () => {
    const book = `
- hosts: all
  tasks:
    - copy: { dest: "{{place}}/app.conf", content: "port 80" }
      notify: restart
  handlers:
    - name: restart
      ${log('restart')}
`;
    await stage.run(book);
    const again = await stage.run(book);
    expect(again.did('web1')).toEqual([`ok copy ${stage.rig?.accounts['app']?.home}/places/web1/app.conf`]);
    expect(stage.read('web1', 'log')).toBe('restart\n');
  });
});

describe('hosts', () => {
  test('one host that fails changes nothing for the others', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - name: one
      command: "true"
    - name: breaks on web2
      shell: if [ {{host.name}} = web2 ]; then echo disk is full >&2; exit 5; fi
    - name: after
      shell: echo after > {{place}}/after
- hosts: all
  tasks:
    - name: next play
      shell: echo next > {{place}}/next
`);
    expect(story.exit).toBe(3);
    for (const host of ['web1', 'web3']) {
      expect(story.did(host)).toEqual(['changed one', 'changed breaks on web2', 'changed after', 'changed next play']);
      expect(stage.read(host, 'next')).toBe('next\n');
    }
    expect(story.did('web2')).toEqual(['changed one', 'failed breaks on web2']);
    expect(stage.read('web2', 'after')).toBe('');
    expect(story.stdout).toMatch(/✖ web2 {2}breaks on web2 {2}site\.yml:\d+\n {4}exited with 5\n {4}│ disk is full\n/);
  });

  test('delegate_to does the work on another host, with the variables of this one', async () => {
    const story = await stage.run(`
- hosts: [web1, web2]
  tasks:
    - name: into the pool
      shell: echo "$SSH_CONNECTION" | cut -d' ' -f3 > {{place}}/where-{{host.name}}
      delegate_to: web3
    - name: on its own
      shell: echo "$SSH_CONNECTION" | cut -d' ' -f3 > {{place}}/own
`);
    expect(story.exit).toBe(0);
    const address = stage.rig?.addresses ?? [];
    expect(stage.read('web1', 'where-web1')).toBe(`${address[2]}\n`);
    expect(stage.read('web2', 'where-web2')).toBe(`${address[2]}\n`);
    expect(stage.read('web1', 'own')).toBe(`${address[0]}\n`);
    expect(story.did('web3')).toEqual([]);
  });

  test('free: a slow host holds nobody up; linear and barrier: all wait for each other', async () => {
    const body = `
  tasks:
    - name: slow on web1
      shell: if [ {{host.name}} = web1 ]; then sleep 0.7; fi; date +%s%N > {{place}}/slow
    - name: then
      shell: date +%s%N > {{place}}/then
      BARRIER`;
    const later = async (head: string, barrier: string): Promise<boolean> => {
      const story = await stage.run(`- hosts: all\n${head}${body.replace('BARRIER', barrier)}\n`);
      expect(story.exit).toBe(0);
      return BigInt(stage.read('web3', 'then')) > BigInt(stage.read('web1', 'slow'));
    };
    expect(await later('', '')).toBe(false);
    expect(await later('  strategy: linear', '')).toBe(true);
    expect(await later('', 'barrier: true')).toBe(true);
  });

  test('a barrier does not wait for a host that has failed', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - name: breaks on web2
      command: test {{host.name}} != web2
    - name: together
      command: "true"
      barrier: true
`);
    expect(story.did('web1')).toEqual(['changed breaks on web2', 'changed together']);
    expect(story.did('web2')).toEqual(['failed breaks on web2']);
  });

  test('--forks 1 takes one host after the other', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - shell: echo start {{host.name}} >> {{place}}/../all; sleep 0.1; echo end {{host.name}} >> {{place}}/../all
`,
      ['--forks', '1'],
    );
    expect(story.exit).toBe(0);
    const lines = stage.read('.', 'all').trim().split('\n');
    expect(lines.filter((_, i) => i % 2 === 0).every((line) => line.startsWith('start'))).toBe(true);
    expect(lines).toHaveLength(6);
  });
});

describe('variables and surroundings', () => {
  test('the nearer one wins: task over play over playbook over inventory; registers and set_fact over all of them', async () => {
    stage.desk.file('group_vars/all.yml', 'color: group\nshape: group\nsize: group\n');
    stage.desk.file('host_vars/web2.yml', 'size: host\n');
    const story = await stage.run(`
name: layers
vars: { color: book, shape: book }
plays:
  - hosts: all
    vars: { color: play }
    tasks:
      - name: seen
        copy:
          dest: "{{place}}/seen"
          content: "{{color}} {{shape}} {{size}} {{task}}"
        vars: { task: "task-{{color}}" }
      - set_fact: { color: fact }
      - name: later
        copy:
          dest: "{{place}}/later"
          content: "{{color}} {{mixed}}"
        vars: { mixed: "{{color}}-{{shape}}" }
`);
    expect(story.stderr + story.stdout).not.toContain('error');
    expect(stage.read('web1', 'seen')).toBe('play book group task-play');
    expect(stage.read('web2', 'seen')).toBe('play book host task-play');
    expect(stage.read('web1', 'later')).toBe('fact fact-book');
  });

  test('env, cwd and timeout reach the command; what it prints comes back', async () => {
    const story = await stage.run(
      `
- hosts: all
  env: { FROM: play, BOTH: play }
  tasks:
    - name: looks around
      shell: echo "$FROM $BOTH $PWD"
      cwd: "{{place}}"
      env: { BOTH: "task of {{host.name}}" }
      register: seen
    - name: writes it down
      copy: { dest: "{{place}}/seen", content: "{{seen.stdout}}" }
    - name: takes too long
      shell: sleep 20
      timeout: 200ms
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(3);
    expect(stage.read('web1', 'seen')).toMatch(/^play task of web1 \/.*\/places\/web1$/);
    expect(story.told('web1', 'takes too long')).toContain('stopped after 0.2 s (timeout)');
  });

  test('become runs as another user, task by task', async () => {
    const user = stage.rig?.accounts['app']?.name;
    const story = await stage.run(
      `
- hosts: all
  become: true
  tasks:
    - shell: id -un > {{place}}/who
    - shell: id -un > {{place}}/login
      become: false
    - command: id -un
      become_user: nobody
      register: nobody
    - copy: { dest: "{{place}}/root", content: "{{nobody.stdout}}", owner: root, mode: 0600 }
    - copy: { dest: "{{place}}/mine", content: "x" }
      become: false
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'who')).toBe('root\n');
    expect(stage.read('web1', 'login')).toBe(`${user}\n`);
    expect(stage.read('web1', 'root')).toBe('nobody');
  });

  test('tags choose tasks; always runs unless it is skipped by name; never only when asked for', async () => {
    const book = `
- hosts: web1
  tasks:
    - { name: plain, debug: x }
    - { name: config, debug: x, tags: config }
    - { name: both, debug: x, tags: [config, slow] }
    - { name: always, debug: x, tags: always }
    - { name: danger, debug: x, tags: [never, wipe] }
`;
    const names = async (...args: string[]): Promise<string> =>
      (await stage.run(book, args))
        .did('web1')
        .map((line) => line.replace('ok ', ''))
        .join(' ');
    expect(await names()).toBe('plain config both always');
    expect(await names('-t', 'config')).toBe('config both always');
    expect(await names('-t', 'config', '--skip-tags', 'slow')).toBe('config always');
    expect(await names('--skip-tags', 'always,slow')).toBe('plain config');
    expect(await names('-t', 'wipe')).toBe('always danger');
    expect(await names('-t', 'untagged')).toBe('plain always');
  });

  test('facts are gathered when something asks for them', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - copy: { dest: "{{place}}/os", content: "{{facts.os.family}} {{facts.kernel}}" }
      when: facts.hostname != ""
`,
      ['-l', 'web1'],
    );
    expect(story.stderr).toBe('');
    expect(story.exit).toBe(0);
    expect(stage.read('web1', 'os')).toMatch(/^\w+ .+/);
  });
});

describe('check mode', () => {
  test('a handler that may be needed is told as unknown, once, with the task that would notify it', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - name: migrate
      command: migrate
      notify: [restart, reload]
    - name: config
      copy: { dest: "{{place}}/conf", content: "x" }
      notify: reload
  handlers:
    - name: restart
      command: "true"
    - name: reload
      debug: reloaded
`,
      ['--check', '-l', 'web1'],
    );
    expect(story.did('web1')).toEqual([
      'unknown migrate',
      'would-change config',
      'ok reload (handler)',
      'unknown restart (handler)',
    ]);
    expect(story.told('web1', 'restart')).toContain('runs if "migrate" changes something');
  });

  const book = `
- hosts: all
  tasks:
    - name: folder
      file: { path: "{{place}}/app", state: directory, mode: 0750 }
    - name: config
      copy: { dest: "{{place}}/app/conf", content: "port 80\\n" }
      notify: restart
    - name: line
      lineinfile: { path: "{{place}}/app/conf", line: debug on }
    - name: version
      command: cat {{place}}/app/conf
      register: version
    - name: use of it
      command: echo {{version.stdout}}
    - name: only reads
      command: id -u
      check_mode: false
      register: uid
    - name: use of that
      debug: "{{uid.stdout}}"
    - name: already so
      file: { path: "{{place}}", state: directory }
  handlers:
    - name: restart
      shell: echo restart >> {{place}}/log
`;
  test('changes nothing, and says of each task what it knows', async () => {
    const story = await stage.run(book, ['--check', '--diff', '-l', 'web1']);
    expect(story.exit).toBe(0);
    expect(story.did('web1')).toEqual([
      'would-change folder',
      'would-change config',
      'would-change line',
      'unknown version',
      'unknown use of it',
      'changed only reads',
      'ok use of that',
      'ok already so',
      'unknown restart (handler)',
    ]);
    expect(story.told('web1', 'use of it')).toContain('depends on "version", which does not run in check mode');
    expect(story.told('web1', 'config')).toContain('+port 80');
    expect(stage.read('web1', 'app/conf')).toBe('');
    expect(stage.read('web1', 'log')).toBe('');
  });

  test('what it announced is what the run does, and the second run finds all as it should be', async () => {
    const story = await stage.run(book, ['--diff', '-l', 'web1']);
    expect(story.exit).toBe(0);
    expect(story.told('web1', 'config')).toContain('+port 80');
    expect(stage.read('web1', 'app/conf')).toBe('port 80\ndebug on\n');
    expect(stage.read('web1', 'log')).toBe('restart\n');
    const files = book
      .slice(0, book.indexOf('    - name: version'))
      .replace('port 80\\n', 'port 80\\ndebug on\\n')
      .replace('      notify: restart\n', '');
    const again = await stage.run(files, ['-l', 'web1']);
    expect(again.did('web1')).toEqual(['ok folder', 'ok config', 'ok line']);
    expect(again.stdout).toContain('nothing changed');
    const checked = await stage.run(files, ['--check', '-l', 'web1']);
    expect(checked.did('web1')).toEqual(['ok folder', 'ok config', 'ok line']);
    expect(checked.stdout).toContain('nothing would change');
  });
});
