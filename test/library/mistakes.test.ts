import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDesk } from '../rig/cli.ts';
import { mistakes } from './mistakes.ts';

/* What authors of modules and libraries are told, as `play lint` prints it. */

test.each(mistakes)('$name', async ({ name, files, programs = [], task = 'widget: { path: /a }' }) => {
  const libraries = /^LIBRARIES (.*)$/.exec(task)?.[1];
  const site =
    libraries === undefined
      ? `- hosts: localhost\n  tasks:\n    - ${task}\n`
      : `libraries: ${libraries}\nplays:\n  - hosts: localhost\n    tasks: []\n`;
  await using desk = await createDesk({ ...files, 'site.yml': site });
  for (const path of programs) chmodSync(join(desk.dir, path), 0o755);
  const { exit, stdout, stderr } = await desk.play(['lint', 'site.yml']);
  expect(stderr).toBe('');
  expect(exit).toBe(2);
  expect(stdout).not.toMatch(/\n\s+at /);
  await expect(stdout.replaceAll(desk.dir, 'DESK')).toMatchFileSnapshot(`golden/mistakes/${name}.txt`);
});
