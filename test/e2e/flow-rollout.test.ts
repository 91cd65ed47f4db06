import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage, type Story } from './stage.ts';

/* How a play goes over its hosts: batches, failures that stop it, work that is done once, and what steers it. Five hosts without a connection. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('local', 5);
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

/** What the hosts wrote into one file, in order. */
const together = (): string[] => {
  try {
    return readFileSync(join(stage.desk.dir, 'places/all'), 'utf8').trim().split('\n');
  } catch {
    return [];
  }
};
const say = (text: string): string => `shell: echo ${text} >> {{place}}/../all`;
const batches = (story: Story): string[] =>
  story.events.flatMap((event) => (event.type === 'note' && event.message.startsWith('batch') ? [event.message] : []));
const notes = (story: Story): string[] =>
  story.events.flatMap((event) => (event.type === 'note' ? [event.message] : []));

describe('serial', () => {
  test('a list of sizes, the last one again and again; a batch begins when the one before is done, handlers included', async () => {
    const story = await stage.run(`
- hosts: all
  serial: [1, 40%]
  tasks:
    - ${say('task-{{host.name}}')}
      notify: restart
  handlers:
    - name: restart
      ${say('handler-{{host.name}}')}
`);
    expect(story.exit).toBe(0);
    expect(batches(story)).toEqual(['batch 1 of 3: web1', 'batch 2 of 3: web2, web3', 'batch 3 of 3: web4, web5']);
    const lines = together();
    expect(lines.slice(0, 2)).toEqual(['task-web1', 'handler-web1']);
    expect(lines.slice(2, 6).sort()).toEqual(['handler-web2', 'handler-web3', 'task-web2', 'task-web3']);
    expect(lines.slice(6).sort()).toEqual(['handler-web4', 'handler-web5', 'task-web4', 'task-web5']);
  });

  test('a percentage too small for one host takes one; order decides who is first', async () => {
    const story = await stage.run(`
- hosts: all
  serial: 1%
  order: reverse_inventory
  tasks:
    - ${say('{{host.name}}')}
`);
    expect(story.exit).toBe(0);
    expect(together()).toEqual(['web5', 'web4', 'web3', 'web2', 'web1']);
  });

  test('a batch that has failed as a whole stops the play; the hosts that were not begun are named', async () => {
    const story = await stage.run(`
- hosts: all
  serial: 2
  tasks:
    - name: breaks
      command: "false"
- hosts: all
  tasks:
    - ${say('never')}
`);
    expect(story.exit).toBe(3);
    expect(notes(story).at(-1)).toBe(
      'the play stops: 2 of 2 hosts failed, the whole batch; not begun: web3, web4, web5',
    );
    expect(story.did('web3')).toEqual([]);
    expect(together()).toEqual([]);
  });

  test('pause waits between the batches', async () => {
    const story = await stage.run(`
- hosts: web1,web2
  serial: 1
  pause: 300ms
  tasks:
    - shell: date +%s%N > {{place}}/at
`);
    expect(story.exit).toBe(0);
    const between = BigInt(stage.read('web2', 'at')) - BigInt(stage.read('web1', 'at'));
    expect(between).toBeGreaterThanOrEqual(300_000_000n);
  });
});

describe('failures that stop a play', () => {
  /** Two of five hosts fail. */
  const book = (head: string): string => `
- hosts: all
  ${head}
  tasks:
    - name: breaks on two
      shell: "case {{host.name}} in web2|web4) exit 1;; esac"
    - name: after
      ${say('{{host.name}}')}
`;
  test.for([
    ['max_fail_percentage: 40', true, 'exactly at the limit the play goes on'],
    ['max_fail_percentage: 39', false, 'above it the play stops for all'],
    ['max_fail_percentage: 0', false, 'nobody may fail'],
    ['max_fail_percentage: 100', true, 'all may'],
    ['any_errors_fatal: true', false, 'the first failure stops it'],
    ['strategy: linear', true, 'without a limit the others go on'],
  ] as const)('%s: %s, %s', async ([head, goesOn]) => {
    const story = await stage.run(book(head));
    expect(story.exit).toBe(3);
    expect(together().sort()).toEqual(goesOn ? ['web1', 'web3', 'web5'] : []);
    expect(notes(story).some((note) => note.startsWith('the play stops'))).toBe(!goesOn);
  });

  test('a rescued failure stops nothing', async () => {
    const story = await stage.run(`
- hosts: all
  any_errors_fatal: true
  tasks:
    - block:
        - shell: "case {{host.name}} in web2) exit 1;; esac"
      rescue:
        - debug: fine
    - ${say('{{host.name}}')}
`);
    expect(story.exit).toBe(0);
    expect(together()).toHaveLength(5);
  });
});

describe('run_once', () => {
  test('in every batch, or once in the play; its register is that of every host', async () => {
    const story = await stage.run(`
- hosts: all
  serial: 3
  tasks:
    - name: batch
      shell: echo batch-{{host.name}} | tee -a {{place}}/../all
      run_once: batch
      register: batch
    - name: play
      shell: echo play-{{host.name}} | tee -a {{place}}/../all
      run_once: play
      register: play_id
    - copy: { dest: "{{place}}/seen", content: "{{batch.stdout}} {{play_id.stdout}}" }
`);
    expect(story.stderr).toBe('');
    expect(story.exit).toBe(0);
    expect(together()).toEqual(['batch-web1', 'play-web1', 'batch-web4']);
    expect(stage.read('web3', 'seen')).toBe('batch-web1 play-web1');
    expect(stage.read('web5', 'seen')).toBe('batch-web4 play-web1');
  });

  test('when it fails, all have failed', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - name: migrate
      command: "false"
      run_once: batch
    - ${say('after')}
`);
    expect(story.exit).toBe(3);
    expect(together()).toEqual([]);
    expect(story.did('web1')).toEqual(['failed migrate']);
  });

  test('when it fails inside a block, the rescue is that of every host', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - block:
        - name: migrate
          command: "false"
          run_once: batch
      rescue:
        - ${say('{{host.name}}')}
`);
    expect(story.exit).toBe(0);
    expect(together().sort()).toEqual(['web1', 'web2', 'web3', 'web4', 'web5']);
  });
});

describe('run_once and few slots', () => {
  test('whoever comes first waits for the one that does it', async () => {
    const book = `
- hosts: web1,web2,web3
  tasks:
    - name: later for the first
      shell: 'test {{host.name}} != web1 || sleep 0.3'
      changed_when: false
    - name: once
      command: echo it
      run_once: batch
      register: once
    - name: known to all
      debug: '{{once.stdout}}'
`;
    for (const forks of ['1', '50']) {
      const story = await stage.run(book, ['-f', forks]);
      expect(story.exit).toBe(0);
      expect(story.did('web1')).toContain('changed once');
      expect(story.did('web3')).toEqual(['ok later for the first', 'ok known to all']);
    }
  });
});

describe('throttle', () => {
  test('so many hosts at a time, and no more', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - shell: echo start >> {{place}}/../all; until grep -c start {{place}}/../all | grep -q [2-9]; do sleep 0.05; done; sleep 0.1; echo end >> {{place}}/../all
      throttle: 2
`);
    expect(story.exit).toBe(0);
    let now = 0;
    let most = 0;
    for (const line of together()) {
      now += line === 'start' ? 1 : -1;
      most = Math.max(most, now);
    }
    expect(most).toBe(2);
  });
});

describe('meta', () => {
  test('end_host ends the tasks for one host, whose handlers still run; the next play has it again', async () => {
    const story = await stage.run(`
- hosts: web1,web2
  tasks:
    - name: change
      ${say('change-{{host.name}}')}
      notify: restart
    - meta: end_host
      when: host.name == "web1"
    - ${say('after-{{host.name}}')}
  handlers:
    - name: restart
      ${say('restart-{{host.name}}')}
- hosts: web1
  tasks:
    - ${say('next')}
`);
    expect(story.exit).toBe(0);
    expect(together().filter((line) => line.includes('web1'))).toEqual(['change-web1', 'restart-web1']);
    expect(together().at(-1)).toBe('next');
    expect(together()).toContain('after-web2');
  });

  test('end_play ends it for all, without a failure; later batches do not begin', async () => {
    const story = await stage.run(`
- hosts: all
  serial: 2
  tasks:
    - ${say('first-{{host.name}}')}
    - meta: end_play
      when: host.name == "web2"
    - ${say('after-{{host.name}}')}
- hosts: web5
  tasks:
    - ${say('next play')}
`);
    expect(story.exit).toBe(0);
    expect(
      together()
        .filter((line) => line.startsWith('first'))
        .sort(),
    ).toEqual(['first-web1', 'first-web2']);
    expect(together().filter((line) => line.startsWith('after-web2'))).toEqual([]);
    expect(together().at(-1)).toBe('next play');
  });

  test('reset_connection logs in anew: what comes after has another shell', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - shell: echo $PPID
      register: before
    - meta: reset_connection
    - shell: echo $PPID
      register: after
    - assert: { that: before.stdout != after.stdout }
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(0);
    expect(story.events.filter(({ type }) => type === 'host-connected')).toHaveLength(2);
  });
});

describe('loop_control', () => {
  test('names for item and number, a label, a wait between items, and an end at the first failure', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - name: each
      shell: date +%s%N > {{place}}/{{number}}-{{site.name}}
      loop: [{ name: a, secret: x }, { name: b, secret: y }]
      loop_control: { loop_var: site, index_var: number, label: "{{site.name}}", pause: 200ms }
    - name: stops
      command: test {{item}} != b
      loop: [a, b, c]
      loop_control: { stop_on_error: true }
      ignore_errors: true
      register: stopped
    - copy: { dest: "{{place}}/seen", content: "{{= size(stopped.results) }} {{stopped.failed}}" }
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(0);
    expect(story.did('web1')).toEqual([
      'changed each [a]',
      'changed each [b]',
      'changed stops [a]',
      'failed stops [b] (ignored)',
      expect.stringContaining('changed copy'),
    ]);
    expect(BigInt(stage.read('web1', '1-b')) - BigInt(stage.read('web1', '0-a'))).toBeGreaterThanOrEqual(200_000_000n);
    expect(stage.read('web1', 'seen')).toBe('2 true');
  });
});

describe('loop_control: parallel', () => {
  test('so many items at a time on a host, told in the order of the list; each is tried again by itself', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - name: each
      shell: echo start >> {{place}}/../all; until grep -c start {{place}}/../all | grep -q [3-9]; do sleep 0.05; done; sleep {{item}}; echo end >> {{place}}/../all; echo {{item}}; test {{item}} != 0.3 || mkdir {{place}}/second || exit 0; test {{item}} != 0.3
      loop: ["0.4", "0.1", "0.2", "0.3", "0.1"]
      loop_control: { parallel: 3 }
      retry: { attempts: 2, delay: 10ms }
      register: each
    - copy: { dest: "{{place}}/seen", content: "{{= json(each.results.map(r, r.stdout)) }}" }
`,
      ['-l', 'web1'],
    );
    expect(story.stdout).not.toContain('✖');
    expect(story.exit).toBe(0);
    expect(
      story
        .did('web1')
        .slice(0, 5)
        .map((line) => line.replace('changed each ', '')),
    ).toEqual(['[0.4]', '[0.1]', '[0.2]', '[0.3]', '[0.1]']);
    expect(stage.read('web1', 'seen')).toBe('["0.4","0.1","0.2","0.3","0.1"]');
    let now = 0;
    let most = 0;
    for (const line of together()) {
      now += line === 'start' ? 1 : -1;
      most = Math.max(most, now);
    }
    expect(most).toBe(3);
  });
});

describe('handlers', () => {
  test('listen, flush in the middle, and force_handlers on a host that failed', async () => {
    const book = (force: string): string => `
- hosts: web1
  ${force}
  tasks:
    - name: config
      ${say('config')}
      notify: web changed
    - meta: flush_handlers
    - name: again
      ${say('again')}
      notify: web changed
    - name: breaks
      command: "false"
  handlers:
    - name: reload
      ${say('reload')}
      listen: web changed
    - name: warm up
      ${say('warm')}
      listen: [web changed, other]
`;
    const story = await stage.run(book('force_handlers: true'));
    expect(story.exit).toBe(3);
    expect(together()).toEqual(['config', 'reload', 'warm', 'again', 'reload', 'warm']);
    await stage.clean();
    const plain = await stage.run(book('strategy: free'));
    expect(plain.exit).toBe(3);
    expect(together()).toEqual(['config', 'reload', 'warm', 'again']);
    expect(plain.stdout).toMatch(/^not run {3}reload {2}web1\n {10}warm up {2}web1$/m);
    const pending = plain.events.flatMap((event) => (event.type === 'pending-handlers' ? [event.handlers] : []));
    expect(pending.at(-1)).toEqual(['reload', 'warm up']);
  });
});

describe('check mode', () => {
  test('goes through batches, run_once, throttle, meta and loops without a word too much', async () => {
    const story = await stage.run(
      `
- hosts: all
  serial: 2
  pause: 1h
  tasks:
    - name: once
      command: id
      run_once: batch
      register: once
    - name: uses it
      command: echo {{once.stdout}}
    - name: few
      command: id
      throttle: 1
    - name: each
      command: echo {{item}}
      loop: [1, 2]
      loop_control: { pause: 1h, stop_on_error: true }
    - meta: flush_handlers
    - meta: end_play
      when: host.name == "web5"
`,
      ['--check'],
    );
    expect(story.exit).toBe(0);
    expect(story.did('web2').slice(0, 2)).toEqual(['unknown uses it', 'unknown few']);
    expect(story.told('web2', 'uses it')).toContain('depends on "once", which does not run in check mode');
  });
});
