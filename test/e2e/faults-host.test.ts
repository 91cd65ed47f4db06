import { chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../rig/run.ts';
import { createScene, type Scene, type Told } from './scene.ts';

let scene: Scene;
let small: string;
let fixed: string;
beforeAll(async () => {
  scene = await createScene();
  [small, fixed] = [join(scene.home, 'small'), join(scene.home, 'fixed')];
  const uid = scene.rig.accounts['app']?.uid ?? 0;
  for (const dir of [small, fixed]) mkdirSync(dir);
  await must('mount', ['-t', 'tmpfs', '-o', `size=64k,uid=${uid}`, 'tmpfs', small]);
  await must('mount', ['-t', 'tmpfs', '-o', `ro,uid=${uid}`, 'tmpfs', fixed]);
});
afterEach(async () => {
  expect(await scene.leftovers()).toEqual([]);
});
afterAll(async () => {
  for (const dir of [small, fixed]) await must('umount', [dir]);
  await scene?.[Symbol.asyncDispose]();
});

/** One task on the host `bad`, with a task before and after it on both hosts. */
async function runTask(task: object): Promise<Told> {
  const tasks = [
    { name: 'before', shell: 'echo before >> "log-{{host.name}}"' },
    { name: 'this', ...task, when: 'host.name == "bad"' },
    { name: 'after', shell: 'echo after >> "log-{{host.name}}"' },
  ];
  scene.desk.file('task.yml', JSON.stringify([{ hosts: 'all', tasks }]));
  scene.hosts({ bad: { ansible_host: '127.20.0.1' } });
  const told = await scene.run(['task.yml']);
  expect(told.raw.stderr).toBe('');
  expect(told.of('good')).toBe('changed before\nskipped this when: host.name == "bad"\nchanged after');
  expect(scene.read('log-bad')).toBe('before\n');
  expect(told.exit).toBe(3);
  expect(told.verdict).toBe('✖ failed · 1 of 2 hosts · 3 changed');
  const shown = await scene.show();
  expect(shown.trouble).toBe(told.trouble);
  expect(shown.of('bad')).toBe(told.of('bad'));
  return told;
}

describe('row 22: a disk without room', () => {
  test('leaves the old file as it was, and no half one beside it', async () => {
    const uid = scene.rig.accounts['app']?.uid ?? 0;
    writeFileSync(join(small, 'conf'), 'old\n');
    chownSync(join(small, 'conf'), uid, uid);
    const { trouble } = await runTask({ copy: { dest: '{{home}}/small/conf', content: 'x'.repeat(100_000) } });
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  this  task.yml:1
          HOME/small/conf: cat: write error: No space left on device"
    `);
    expect(readdirSync(small)).toEqual(['conf']);
    expect(scene.read('small/conf')).toBe('old\n');
  });

  test('for bytes that are no text, too', async () => {
    writeFileSync(join(scene.desk.dir, 'blob'), Buffer.alloc(100_000, 0xff));
    const { trouble } = await runTask({ copy: { dest: '{{home}}/small/conf', src: 'blob' } });
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  this  task.yml:1
          HOME/small/conf: cat: write error: No space left on device"
    `);
    expect(readdirSync(small)).toEqual(['conf']);
    expect(scene.read('small/conf')).toBe('old\n');
  });
});

describe('row 23: a file that cannot be written', () => {
  test('because its file system is read-only', async () => {
    const { trouble } = await runTask({ copy: { dest: '{{home}}/fixed/conf', content: 'new\n' } });
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  this  task.yml:1
          HOME/fixed/conf: cannot create a temporary file in HOME/fixed/: Read-only file system"
    `);
  });

  test('because its name is too long', async () => {
    const { trouble } = await runTask({ copy: { dest: `{{home}}/${'n'.repeat(300)}`, content: 'new\n' } });
    expect(trouble.replace(/n{300}/g, 'nnn…')).toMatchInlineSnapshot(`
      "✖ bad  this  task.yml:1
          mv: cannot stat 'HOME/nnn…': File name too long"
    `);
  });

  test('because its folder is not there', async () => {
    const { trouble } = await runTask({ copy: { dest: '{{home}}/none/conf', content: 'new\n' } });
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  this  task.yml:1
          HOME/none/conf: the directory HOME/none does not exist"
    `);
  });
});

describe('rows 24 and 25: a command', () => {
  test('that is killed', async () => {
    const { trouble } = await runTask({ shell: 'echo so far; kill -9 $$' });
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  this  task.yml:1
          killed by SIGKILL (status 137), possibly out of memory
          │ so far"
    `);
  });

  test('that runs out of memory', async () => {
    const { trouble } = await runTask({ shell: 'ulimit -v 40000; exec perl -e \'$x = "x" x 1e9\'' });
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  this  task.yml:1
          exited with 12
          │ Out of memory!
          │ panic: fold_constants JMPENV_PUSH returned 2 at -e line 1."
    `);
  });

  test('that exits with 255 has failed: the connection is fine', async () => {
    const { trouble } = await runTask({ shell: 'echo no >&2; exit 255' });
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  this  task.yml:1
          exited with 255
          │ no"
    `);
  });

  test('that is not there', async () => {
    const { trouble } = await runTask({ command: 'no-such-command --now' });
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  this  task.yml:1
          exited with 127: there is no such command
          │ /bin/sh: N: exec: no-such-command: not found"
    `);
  });
});
