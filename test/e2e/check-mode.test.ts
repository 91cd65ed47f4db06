import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* Check mode says ok, would change or unknown; what is unknown names what it depends on, and nothing on the host is touched. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('local', 2);
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

/** Runs tasks behind one that does not run, on one host; gives how each ended and what was told of it. */
async function checked(tasks: string, args: readonly string[] = []) {
  const story = await stage.run(
    `
- hosts: all
  tasks:
    - {name: makes, command: echo made, register: made}
${tasks}`,
    ['--check', '-l', 'web1', ...args],
  );
  expect(story.stdout).not.toContain('E_BUG');
  return story;
}

const cause = (task: string): string => `depends on "${task}", which does not run in check mode`;

describe('what depends on a task that did not run', () => {
  const needs: [what: string, tasks: string, told: string][] = [
    ['when', '- {name: it, when: made.rc == 0, debug: {msg: x}}', cause('makes')],
    ['a parameter', "- {name: it, copy: {dest: '{{place}}/f', content: '{{made.stdout}}'}}", cause('makes')],
    ['a variable', "- {name: it, vars: {v: '{{made.stdout}}'}, debug: {msg: '{{v}}'}}", cause('makes')],
    ['a loop', "- {name: it, loop: made.stdout_lines, command: 'echo {{item}}'}", cause('makes')],
    [
      'a block',
      '- {name: it, when: made.rc == 0, block: [{debug: {msg: x}}], rescue: [{debug: {msg: y}}]}',
      cause('makes'),
    ],
    ['a block in a loop', '- {name: it, loop: made.stdout_lines, block: [{debug: {msg: x}}]}', cause('makes')],
    [
      'changed_when',
      "- {name: it, file: {path: '{{place}}/d', state: directory}, changed_when: made.rc == 0}",
      cause('makes'),
    ],
    ['failed_when', "- {name: it, check_mode: false, command: 'true', failed_when: made.rc == 1}", cause('makes')],
    ['delegate_to', "- {name: it, command: 'true', delegate_to: '{{made.stdout}}'}", cause('makes')],
    ['assert', '- {name: it, assert: {that: made.rc == 0}}', cause('makes')],
    ['fail', "- {name: it, fail: {msg: '{{made.stdout}}'}}", cause('makes')],
    ['until', "- {name: it, command: 'true', register: u, until: u.rc == made.rc}", 'runs only outside check mode'],
  ].map(([what, tasks, told]) => [what as string, `    ${tasks}`, told as string]);

  test.each(needs)('%s: is unknown and says why', async (_, tasks, told) => {
    const story = await checked(tasks);
    expect(story.exit).toBe(0);
    expect(story.did('web1').at(-1)).toBe('unknown it');
    expect(story.told('web1', ' it ').replaceAll('\n', ' ')).toContain(told);
  });

  test('facts set from it are unknown, too, and so is what reads those; once for all hosts as well', async () => {
    const story = await checked(`
    - {name: fact, set_fact: {x: '{{made.stdout}}'}}
    - {name: reads it, debug: {msg: '{{x}}'}}
    - {name: known again, set_fact: {x: 1}}
    - {name: reads that, debug: {msg: '{{x}}'}}
    - {name: once, run_once: true, set_fact: {y: '{{made.stdout}}'}}
    - {name: reads once, debug: {msg: '{{y}}'}}`);
    expect(story.exit).toBe(0);
    expect(story.told('web1', 'reads it')).toContain(cause('fact'));
    expect(story.told('web1', 'reads once')).toContain(cause('once'));
    expect(story.did('web1')).toEqual([
      'unknown makes',
      'unknown fact',
      'unknown reads it',
      'ok known again',
      'ok reads that',
      'unknown once',
      'unknown reads once',
    ]);
  });

  test('what a module waits for in vain may come from an earlier task; the tasks behind it are told all the same', async () => {
    const story = await checked(`
    - {name: waits, wait_for: {path: '{{place}}/never', timeout: 1}}
    - {name: behind, copy: {dest: '{{place}}/f', content: x}}`);
    expect(story.exit).toBe(0);
    expect(story.did('web1')).toEqual(['unknown makes', 'unknown waits', 'would-change behind']);
  });

  test('so may a file that is edited, and the user that a task becomes', async () => {
    const story = await checked(`
    - {name: edits, lineinfile: {path: '{{place}}/never', line: x}}
    - {name: becomes, file: {path: '{{place}}/d', state: directory}, become: true, become_user: nobody-yet}
    - {name: behind, copy: {dest: '{{place}}/f', content: x}}`);
    expect(story.exit).toBe(0);
    expect(story.did('web1')).toEqual(['unknown makes', 'unknown edits', 'unknown becomes', 'would-change behind']);
    expect(story.told('web1', ' becomes ').replaceAll('\n', ' ')).toContain(
      'cannot be told before the real run; earlier: makes, edits',
    );
  });

  test('of many earlier tasks the last five are named', async () => {
    const story = await checked(`
    - {name: 'makes {{item}}', loop: [a, b, c, d, e, f], file: {path: '{{place}}/{{item}}', state: directory}}
    - {name: edits, lineinfile: {path: '{{place}}/never', line: x}}`);
    expect(story.told('web1', ' edits ').replaceAll('\n', ' ')).toContain(
      'earlier: makes b, makes c, makes d, makes e, makes f, and 2 before them',
    );
  });

  test('with nothing before it, it has failed as it would in the run, and the host stops', async () => {
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - {name: waits, wait_for: {path: '{{place}}/never', timeout: 1}}
    - {name: behind, copy: {dest: '{{place}}/f', content: x}}`,
      ['--check', '-l', 'web1'],
    );
    expect(story.exit).toBe(3);
    expect(story.did('web1')).toEqual(['failed waits']);
  });
});

describe('what is known', () => {
  test('commands that only look are declared so, and run; handlers are told; nothing on the host is touched', async () => {
    const story = await checked(`
    - {name: looks, check_mode: false, changed_when: false, command: echo seen, register: seen}
    - {name: uses it, debug: {msg: '{{seen.stdout}}'}}
    - {name: not counted, file: {path: '{{place}}/a', state: directory}, changed_when: false}
    - {name: counted, file: {path: '{{place}}/b', state: directory}, notify: restart}
    - {name: perhaps, command: echo, notify: reload}
  handlers:
    - {name: restart, file: {path: '{{place}}/c', state: touch}}
    - {name: reload, command: echo}`);
    expect(story.exit).toBe(0);
    expect(story.did('web1')).toEqual([
      'unknown makes',
      'ok looks',
      'ok uses it',
      'ok not counted',
      'would-change counted',
      'unknown perhaps',
      'unknown restart (handler)',
      'unknown reload (handler)',
    ]);
    expect(story.told('web1', 'reload')).toContain('runs if "perhaps" changes something');
    for (const file of ['a', 'b', 'c', 'f']) expect(stage.read('web1', file)).toBe('');
  });

  test('--detailed-exitcode: 10 when something would change or is unknown, 0 when all is as asked', async () => {
    const changes = await checked("    - {name: dir, file: {path: '{{place}}', state: directory}}", [
      '--detailed-exitcode',
    ]);
    expect(changes.exit).toBe(10);
    const same = "- {hosts: all, tasks: [{file: {path: '{{place}}', state: directory}}]}";
    expect((await stage.run(same, ['--check', '--detailed-exitcode'])).exit).toBe(0);
  });
});
