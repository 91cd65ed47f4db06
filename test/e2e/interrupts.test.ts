import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../rig/run.ts';
import { openStage, type Stage } from './stage.ts';

/* Ctrl-C once and twice, kill and kill -9, on this machine and over ssh. */
const book = (slow: string): string => `
- hosts: all
  tasks:
    - name: before
      shell: echo before >> {{place}}/log
      notify: restart
    - name: slow
      shell: |
        echo began >> {{place}}/log
        ${slow}
        echo finished >> {{place}}/log
    - name: after
      shell: echo after >> {{place}}/log
  handlers:
    - name: restart
      shell: echo restart >> {{place}}/log
`;
const hosts = ['web1', 'web2'];

describe.each(['local', 'ssh'] as const)('%s', (where) => {
  let stage: Stage;
  /** A number that no other test sleeps for, so that its processes can be told from others. */
  const long = 10_000 + Math.floor(Math.random() * 80_000);
  beforeAll(async () => {
    stage = await openStage(where, 2);
  });
  afterEach(async () => {
    await stage.clean();
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  const begun = (): Promise<true> =>
    eventually('the slow task', 15_000, () =>
      hosts.every((host) => stage.read(host, 'log').includes('began')) ? true : undefined,
    );
  const sleeping = (): number[] => processesThatSleep(long);

  test('the first Ctrl-C lets running tasks finish and starts nothing more', async () => {
    const playing = await stage.start(book('sleep 1.5'));
    await begun();
    playing.kill('SIGINT');
    const story = stage.story(await playing.done);
    expect(story.exit).toBe(130);
    for (const host of hosts) {
      expect(stage.read(host, 'log')).toBe('before\nbegan\nfinished\n');
      expect(story.did(host)).toEqual(['changed before', 'changed slow', 'cancelled after']);
    }
    expect(story.stdout).toContain('stopping: running tasks may finish; once more ends them now');
    expect(story.stdout).toMatch(/^not run {3}restart {2}web1, web2$/m);
    expect(story.stdout).toContain('interrupted');
    const end = story.events.at(-1);
    expect(end).toMatchObject({ type: 'run-end', exit: 130, interrupted: true });
    const shown = await stage.desk.play(['show']);
    expect(shown.stdout).toMatch(/^not run {3}restart {2}web1, web2$/m);
    const runs = await stage.desk.play(['runs']);
    expect(runs.stdout).toContain('interrupted');
  });

  test('the second Ctrl-C ends what runs, and leaves no process behind', async () => {
    const playing = await stage.start(book(`sleep ${long} & sleep ${long}`));
    await begun();
    await eventually('both sleeps of both hosts', 5_000, () => (sleeping().length === 4 ? true : undefined));
    playing.kill('SIGINT');
    await playing.says('stopping');
    const from = performance.now();
    playing.kill('SIGINT');
    const story = stage.story(await playing.done);
    expect(performance.now() - from).toBeLessThan(6_000);
    expect(story.exit).toBe(130);
    await eventually('the end of the tasks', 5_000, () => (sleeping().length === 0 ? true : undefined));
    for (const host of hosts) expect(stage.read(host, 'log')).toBe('before\nbegan\n');
    const runs = await stage.desk.play(['runs']);
    expect(runs.stdout).toContain('interrupted');
  });

  test('a task that will not end does not hold the second Ctrl-C up', async () => {
    const playing = await stage.start(book(`trap '' TERM INT HUP; while :; do sleep ${long}; done`));
    await begun();
    playing.kill('SIGINT');
    await playing.says('stopping');
    const from = performance.now();
    playing.kill('SIGINT');
    const { exit, stdout } = await playing.done;
    expect(exit).toBe(130);
    expect(performance.now() - from).toBeLessThan(6_000);
    expect(stdout).toContain('interrupted');
    await eventually('the end of the tasks', 15_000, () => {
      killThoseThatSleep(long);
      return sleeping().length === 0 ? true : undefined;
    });
  });

  test('SIGTERM is like the first Ctrl-C, with exit 143', async () => {
    const playing = await stage.start(book('sleep 1'));
    await begun();
    playing.kill('SIGTERM');
    const story = stage.story(await playing.done);
    expect(story.exit).toBe(143);
    expect(story.events.at(-1)).toMatchObject({ type: 'run-end', exit: 143, interrupted: true });
    for (const host of hosts) expect(stage.read(host, 'log')).toBe('before\nbegan\nfinished\n');
  });

  test('on a terminal Ctrl-C reaches play alone, and the cursor comes back', async () => {
    stage.desk.file('site.yml', book('sleep 1.5'));
    const playing = await stage.desk.start(['site.yml', '-i', 'hosts.yml'], { tty: true });
    await begun();
    playing.type('\u0003');
    const { exit, stdout } = await playing.done;
    expect(exit).toBe(130);
    for (const host of hosts) expect(stage.read(host, 'log')).toBe('before\nbegan\nfinished\n');
    expect(stdout).toContain('\u001b[?25l');
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'));
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeLessThan(stdout.lastIndexOf('interrupted'));
  });

  test('also when it is typed twice', async () => {
    stage.desk.file('site.yml', book(`sleep ${long}`));
    const playing = await stage.desk.start(['site.yml', '-i', 'hosts.yml'], { tty: true });
    await begun();
    playing.type('\u0003');
    await playing.says('stopping');
    playing.type('\u0003');
    const { exit, stdout } = await playing.done;
    expect(exit).toBe(130);
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'));
    await eventually('the end of the tasks', 5_000, () => (sleeping().length === 0 ? true : undefined));
  });

  test('an interrupt while nothing runs yet, during a wait or between tasks, ends the run at once', async () => {
    const playing = await stage.start(`
- hosts: all
  tasks:
    - name: wait
      shell: echo began >> {{place}}/log; exit 1
      retry: { attempts: 10, delay: 30s }
`);
    await begun();
    playing.kill('SIGINT');
    const story = stage.story(await playing.done);
    expect(story.exit).toBe(130);
    expect(story.ms).toBeLessThan(20_000);
  });

  test('kill -9 leaves a record that says what is not known, and the hosts stop at their next task', async () => {
    const playing = await stage.start(book(`sleep 1.${long}`));
    await begun();
    playing.kill('SIGKILL');
    expect((await playing.done).exit).toBe(137);
    const runs = await stage.desk.play(['runs']);
    expect(runs.stdout).toContain('interrupted');
    const shown = await stage.desk.play(['show']);
    for (const host of hosts) expect(shown.stdout).toMatch(new RegExp(`${host}.*slow|slow.*${host}`, 's'));
    // The task that ran goes on, the next one finds that nobody listens.
    await eventually('the end of the sessions', 10_000, () =>
      sleepersOf(`sleep\u00001.${long}\u0000`).length === 0 ? true : undefined,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const host of hosts) expect(stage.read(host, 'log')).not.toContain('after');
  });
});

function processesThatSleep(seconds: number): number[] {
  return sleepersOf(`sleep\0${seconds}\0`);
}

function sleepersOf(commandLine: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8') === commandLine ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

function killThoseThatSleep(seconds: number): void {
  for (const pid of processesThatSleep(seconds)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
