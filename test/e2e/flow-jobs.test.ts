import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* Work in the background, as an author starts, watches and ends it: on a host behind a real sshd. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('ssh', 1);
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('async with poll: 0', () => {
  test('the play goes on; the job is waited for later, and tells what it has done', async () => {
    const story = await stage.run(`
- hosts: all
  vars: { word: "it's $HOME" }
  tasks:
    - name: begin
      shell:
        stdin: fed
        cmd: |
          until [ -e go ]; do sleep 0.1; done
          cat
          echo "$COLOR" {{word}}; echo oops >&2
      cwd: "{{place}}"
      env: { COLOR: red }
      async: 5m
      poll: 0
      register: begun
    - assert: { that: 'begun.started && !begun.finished && begun.job_id != ""' }
    - name: still at work
      async_status: { jid: "{{begun.job_id}}" }
      register: before
    - assert: { that: '!before.finished && before.rc == null' }
    - shell: touch {{place}}/go; stat -c %a ~/.play-jobs/{{begun.job_id}}
      register: mode
    - name: wait
      async_status: { jid: "{{begun.job_id}}" }
      register: job
      until: job.finished
      retry: { attempts: 100, delay: 100ms }
    - copy: { dest: "{{place}}/seen", content: "{{job.rc}} {{job.stdout}} {{job.stderr}} {{mode.stdout}}" }
    - name: tidy
      async_status: { jid: "{{begun.job_id}}", mode: cleanup }
    - name: gone
      async_status: { jid: "{{begun.job_id}}" }
`);
    expect(story.stderr).toBe('');
    expect(stage.read('web1', 'seen')).toBe("0 fed\nred it's $HOME oops 700");
    expect(story.did('web1').at(-1)).toBe('failed gone');
    expect(story.told('web1', 'gone')).toContain('there is no job');
    expect(story.exit).toBe(3);
  });

  test('it outlives the session; a command and a script can do it as well; a job that fails fails who waits for it', async () => {
    stage.desk.file('files/job.sh', '#!/bin/sh\necho "script $1 $2" > "$3"\nexit 4\n');
    const story = await stage.run(`
- hosts: all
  tasks:
    - command: { argv: [sh, -c, 'until [ -e "$0/go" ]; do sleep 0.1; done; echo "command $1" > "$0/one"', "{{place}}", 'a b'] }
      async: 60
      poll: 0
    - script: job.sh x '' {{place}}/two
      async: 60
      poll: 0
      register: begun
    - meta: reset_connection
    - shell: touch {{place}}/go; until [ -s {{place}}/one ]; do sleep 0.1; done; cat {{place}}/one
      register: one
    - copy: { dest: "{{place}}/seen", content: "{{one.stdout}}" }
    - name: fails
      async_status: { jid: "{{begun.job_id}}" }
      register: job
      until: job.finished
      retry: { attempts: 100, delay: 100ms }
`);
    expect(story.stderr).toBe('');
    expect(stage.read('web1', 'seen')).toBe('command a b');
    expect(stage.read('web1', 'two')).toBe('script x  \n'.replace('  ', ' '));
    expect(story.exit).toBe(3);
    expect(story.did('web1').at(-1)).toBe('failed fails');
    expect(story.told('web1', 'fails')).toContain('exited with 4');
  });

  test('the time is up: the job is ended, and that is said', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - command: sleep 300
      async: 1
      poll: 0
      register: begun
    - name: late
      async_status: { jid: "{{begun.job_id}}" }
      register: job
      until: job.finished
      retry: { attempts: 100, delay: 200ms }
`);
    expect(story.exit).toBe(3);
    expect(story.told('web1', 'late')).toContain('stopped after 1 s (async)');
  });

  test('async alone is a time limit; poll without async, and a module that cannot do it, are refused', async () => {
    const limited = await stage.run(`
- hosts: all
  tasks:
    - { name: too long, command: sleep 300, async: 1s, poll: 5 }
`);
    expect(limited.exit).toBe(3);
    expect(limited.told('web1', 'too long')).toContain('stopped after 1 s (timeout)');
    const wrong = await stage.run(`
- hosts: all
  tasks:
    - { command: id, poll: 0 }
    - { copy: { dest: /tmp/x, content: x }, async: 1m, poll: 0 }
    - { command: id, async: 1m, timeout: 5 }
`);
    expect(wrong.exit).toBe(2);
    expect(wrong.stderr).toContain('say how long the work may take: async: 10m');
    expect(wrong.stderr).toContain('copy is done when its task is');
    expect(wrong.stderr).toContain('3 problems');
  });

  test('in check mode nothing begins, and what asks for it is unknown', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - { name: begin, command: id, async: 1m, poll: 0, register: begun }
    - { name: wait, async_status: { jid: "{{begun.job_id}}" }, register: job, until: job.finished }
`,
      ['--check'],
    );
    expect(story.exit).toBe(0);
    expect(story.did('web1')).toEqual(['unknown begin', 'unknown wait']);
  });
});
