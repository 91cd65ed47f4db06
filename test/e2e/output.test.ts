import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { openStage, type Stage } from './stage.ts';

/* Rows 36 to 41: what tasks print, however much and whatever it is. */
describe.each(['local', 'ssh'] as const)('%s', (where) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(where, 1);
  });
  afterEach(() => stage.clean());
  afterAll(() => stage?.[Symbol.asyncDispose]());

  const stats = (): { maxRssMiB: number } => JSON.parse(readFileSync(join(stage.desk.dir, 'stats.json'), 'utf8'));
  /** What the journal of the last run says of its only step. */
  const recordedEnd = (): Event | undefined => {
    const state = join(stage.desk.dir, 'state');
    const logs = readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /events\.jsonl$/.test(path),
    );
    const lines = readFileSync(join(state, logs.sort().at(-1) ?? ''), 'utf8')
      .trim()
      .split('\n');
    return lines.map((line): Event => JSON.parse(line)).find((event) => event.type === 'step-end');
  };
  const shell = (text: string): string =>
    `- hosts: all\n  tasks:\n    - name: it\n      shell: |\n        ${text.replaceAll('\n', '\n        ')}\n`;

  test.each([
    ['row 36: 1 GiB', 'head -c 1073741824 /dev/zero', { stdoutBytes: 1_073_741_824, stderrBytes: 0 }],
    [
      'row 37: 1 GiB on both streams at once',
      '{ head -c 536870912 /dev/zero & head -c 536870912 /dev/zero >&2; wait; }',
      { stdoutBytes: 536_870_912, stderrBytes: 536_870_912 },
    ],
    [
      'row 38: 100 MB without a line break',
      "head -c 100000000 /dev/zero | tr '\\0' x",
      { stdoutBytes: 100_000_000, stderrBytes: 0 },
    ],
  ])(
    '%s is counted, and memory stays as it is',
    async (_, text, bytes) => {
      stage.desk.file('site.yml', shell(text));
      const env = { PLAY_STATS: 'stats.json', XDG_STATE_HOME: join(stage.desk.dir, 'state') };
      const options = { env, timeout: 100_000 };
      const { exit, stdout } = await stage.desk.play(['site.yml', '-i', 'hosts.yml', '-o', 'lines'], options);
      expect(exit).toBe(0);
      expect(stdout.length).toBeLessThan(10_000);
      expect(recordedEnd()).toMatchObject({ status: 'changed', rc: 0, ...bytes });
      expect(stats().maxRssMiB).toBeLessThan(300);
    },
    120_000,
  );

  test('10 MB are kept exactly, and shown again', async () => {
    const story = await stage.run(
      shell("i=0; while [ $i -lt 5 ]; do head -c 2000000 /dev/zero | tr '\\0' $i; echo; i=$((i+1)); done"),
    );
    expect(story.exit).toBe(0);
    const { stdout } = await stage.desk.play(['show', '--output']);
    const lines = stdout.split('\n').filter((line) => line.includes('│'));
    const kept = lines.map((line) => line.replace(/^ +│ /, '')).join('');
    expect(kept === [0, 1, 2, 3, 4].map((i) => String(i).repeat(2_000_000)).join('')).toBe(true);
  });

  test('row 39: bytes that are no text are kept, and shown spelled out', async () => {
    const story = await stage.run(
      shell(String.raw`printf '\000\001\377\376é\303'; printf 'a\033]0;evil\007b\033[31m\342\200\256' >&2`),
    );
    expect(story.told('web1', 'it')).toBe(String.raw`changed it
│ \x00\x01\xff\xfeé\xc3
│ a\x1b]0;evil\x07b\x1b[31m\u202e`);
    const { stdout } = await stage.desk.play(['show']);
    expect(stdout).toContain(String.raw`│ \x00\x01\xff\xfeé\xc3`);
    expect(stdout).not.toContain('\u001b]0');
  });

  test('row 40: a command that reads finds an empty standard input, and takes nothing of the program', async () => {
    const story = await stage.run(`- hosts: all
  tasks:
    - shell: cat; read x; echo "read $? [$x]"
    - command: cat
    - shell: { cmd: tr a-z A-Z, stdin: "given\\n" }
    - shell: echo next
`);
    expect(story.exit).toBe(0);
    const out = story.events.flatMap((event) => (event.type === 'step-end' ? [event.stdout] : []));
    expect(out).toEqual(['read 1 []\n', '', 'GIVEN\n', 'next\n']);
  });

  test('row 41: a child in the background does not hold up the tasks, and the run two seconds at most', async () => {
    const seconds = 3_000 + Math.floor(Math.random() * 9_000);
    const story = await stage.run(shell(`sleep ${seconds} & echo $! >{{place}}/pid; echo started`));
    process.kill(Number(stage.read('web1', 'pid')));
    expect(story.exit).toBe(0);
    expect(story.ms).toBeLessThan(8_000);
    expect(story.did('web1')).toEqual(['changed it']);
    expect(story.stdout).toContain(
      'something that a task started on web1 still runs and holds the output open; it is left alone',
    );
  });

  test('what a child says after its task has ended is not part of the output of that task', async () => {
    const story = await stage.run(`- hosts: all
  tasks:
    - name: leaves one
      shell: '(sleep 0.4; echo late) & echo first'
    - name: waits
      shell: sleep 1; echo second
`);
    expect(story.exit).toBe(0);
    const [first] = story.events.flatMap((event) => (event.type === 'step-end' ? [event] : []));
    expect(first?.stdout).toBe('first\n');
  });
});
