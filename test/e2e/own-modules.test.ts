import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../rig/run.ts';
import { openStage, type Stage } from './stage.ts';

/* Modules that authors write beside a playbook, and libraries of them, on hosts behind a real sshd. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('ssh', 2);
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

/** Writes a file of the folder; with `mode` an executable one. */
const file = (path: string, text: string, mode?: number): void => {
  const full = stage.desk.file(path, text);
  if (mode !== undefined) chmodSync(full, mode);
};
const program = (name: string, description: object, text: string): void => {
  const stem = name.replace(/\.\w+$/, '');
  file(`modules/${name}`, text, 0o755);
  file(`modules/${stem}.json`, JSON.stringify({ summary: 'A module of a test.', params: {}, ...description }));
};
const programs = (): string[] => readdirSync('/tmp').filter((name) => /^\.play-s\d+-/.test(name));
/** Waits until none of the programs that lie on the hosts now, which are this machine, is left: others may be at work here too. */
const nothingLeft = (): Promise<true> => {
  const there = programs();
  return eventually('the end of programs', 10_000, () =>
    there.some((name) => programs().includes(name)) ? undefined : true,
  );
};

describe('the guide', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/own-modules.md'), 'utf8');
  beforeAll(() => {
    for (const [, path = '', mode, text = ''] of guide.matchAll(/```\w+ file=(\S+)(?: mode=(\d+))?\n(.*?)```/gs))
      file(path, text, mode === undefined ? undefined : Number.parseInt(mode, 8));
  });

  test('its modules check, change and find nothing more to do', async () => {
    const book = readFileSync(join(stage.desk.dir, 'site.yml'), 'utf8');
    const prepare = await stage.run(`
- hosts: all
  tasks: [{ copy: { dest: '{{place}}/log', content: "one\\ntwo\\nthree\\n" } }]
`);
    expect(prepare.exit).toBe(0);

    const check = await stage.run(book, ['--check', '--diff']);
    expect(check.did('web1').map((line) => line.replace(/\/\S*\/web1/, 'PLACE'))).toEqual([
      'would-change motd Handle with care',
      'ok next_port 8000',
      'would-change write down the port',
      'would-change line_count PLACE/log',
      'ok debug',
    ]);
    expect(check.told('web1', 'motd')).toContain('+Handle with care');
    expect(stage.read('web1', 'log')).toBe('one\ntwo\nthree\n');

    const first = await stage.run(book);
    expect(first.exit).toBe(0);
    expect(first.told('web2', 'line_count')).toContain('kept at most 2');
    expect(first.told('web2', 'there were')).toContain('there were 3 lines');
    expect(stage.read('web1', 'motd')).toBe('Handle with care\n');
    expect([stage.read('web1', 'port'), stage.read('web2', 'port')]).toEqual(['port 8000\n', 'port 8001\n']);
    expect(stage.read('web2', 'log')).toBe('two\nthree\n');

    const second = await stage.run(book);
    expect(second.did('web2').filter((line) => !line.startsWith('ok '))).toEqual([]);
    await nothingLeft();
  });

  test('its library does what it says', async () => {
    const run = () => stage.desk.play(['shared.yml', '-i', 'hosts.yml', '-o', 'lines']);
    expect((await run()).stdout).toContain('2 changed');
    expect(stage.read('web1', 'greeting')).toBe('hello\n');
    expect((await run()).stdout).toContain('nothing changed');
  });

  test('play modules and play list show what there is', async () => {
    const all = await stage.desk.play(['modules', '--playbook', 'shared.yml']);
    expect(all.stdout).toMatch(/^modules\n {2}line_count +A log has at most so many lines\.$/m);
    expect(all.stdout).toMatch(/^acme\n {2}acme\.greeting +There is a greeting\.$/m);
    const one = await stage.desk.play(['modules', 'line_count']);
    expect(one.stdout).toContain('most  integer, default 1000\n      Lines to keep, from the end.');
    expect(one.stdout).toContain('Tells in check mode what it would change.');
    const none = await stage.desk.play(['modules', 'line_cuont']);
    expect([none.exit, none.stderr]).toEqual([2, expect.stringContaining('did you mean "line_count"?')]);
    const listed = await stage.desk.play(['list', 'shared.yml']);
    expect(listed.stdout).toContain('0/0  acme.greeting {{place}}/greeting');
    expect(listed.stdout).toMatch(/libraries\n {2}acme/);
  });
});

describe('a program', () => {
  test('runs as whom the task becomes, with the environment and directory of the task, and nothing of it is left', async () => {
    program(
      'who.sh',
      { params: { properties: { word: {} } } },
      `#!/bin/sh
read -r given
printf '{"changed": false, "user": "%s", "place": "%s", "env": "%s", "given": %s}' "$(id -un)" "$PWD" "$COLOUR" "$given"
`,
    );
    const story = await stage.run(
      `
- hosts: all
  tasks:
    - who: { word: "it's \\"q\\" \\\\ $HOME \`id\`" }
      become: true
      cwd: '{{place}}'
      env: { COLOUR: red }
      register: r
    - debug: '{{r.user}} {{r.env}} {{= r.place == place}} {{r.given.params.word}} {{r.given.check}}'
`,
      ['-l', 'web1'],
    );
    expect(story.exit).toBe(0);
    expect(story.told('web1', 'debug')).toContain('root red true it\'s "q" \\ $HOME `id` false');
    await nothingLeft();
  });

  test('may be binary, and as large as it likes', async () => {
    mkdirSync(join(stage.desk.dir, 'modules'), { recursive: true });
    const box = join(stage.desk.dir, 'modules/box');
    if (!existsSync('/bin/busybox')) throw new Error('busybox is needed');
    copyFileSync('/bin/busybox', box);
    chmodSync(box, 0o755);
    file('modules/box.json', JSON.stringify({ summary: 'A binary.', params: {} }));
    const story = await stage.run('- hosts: web1\n  tasks: [{ box: {} }]\n');
    // It says so itself: it was started under a name that is none of its applets.
    expect(story.told('web1', 'box')).toContain('applet not found');
    await nothingLeft();
  });

  test('that does not heed check mode does not run there, and is unknown', async () => {
    program('touchy.sh', {}, `#!/bin/sh\ntouch "$PLACE/touched"; echo '{"changed": true}'\n`);
    const book = '- hosts: web1\n  tasks: [{ touchy: {}, env: { PLACE: "{{place}}" } }]\n';
    const check = await stage.run(book, ['--check']);
    expect(check.did('web1').map((line) => line.replace(/\/\S*\/web1/, 'PLACE'))).toEqual(['unknown touchy']);
    expect(stage.read('web1', 'touched')).toBe('');
    expect((await stage.run(book)).did('web1')).toEqual(['changed touchy']);
  });

  test('that fails in words stops the host before the next task, and ignore_errors lets it pass', async () => {
    program('fussy.sh', {}, `#!/bin/sh\necho '{"failed": true, "msg": "not today", "why": 7}'\n`);
    const story = await stage.run(`
- hosts: web1
  tasks:
    - { fussy: {}, ignore_errors: true, register: r }
    - debug: '{{r.msg}} {{r.why}}'
    - fussy: {}
    - command: touch "{{place}}/after"
`);
    expect(story.exit).toBe(3);
    expect(story.did('web1')).toEqual(['failed fussy (ignored)', 'ok debug', 'failed fussy']);
    expect(story.told('web1', 'debug')).toContain('not today 7');
    expect(stage.read('web1', 'after')).toBe('');
  });

  test.each([
    ['says something else', 'echo hello', 'and said "hello"'],
    ['says nothing', ':', 'and said nothing'],
    ['forgets "changed"', 'echo "{}"', 'does not say whether it changed something'],
    ['gives a fact that was not announced', `echo '{"changed": false, "facts": {"port": 1}}'`, 'the fact "port"'],
    ['ends with a status', 'echo oh >&2; exit 4', 'exited with 4'],
    ['explains its status', `echo '{"changed": false, "msg": "disk full"}'; exit 1`, 'disk full'],
  ])('that %s fails, and it is told why', async (_, text, told) => {
    program('odd.sh', {}, `#!/bin/sh\n${text}\n`);
    const story = await stage.run('- hosts: web1\n  tasks: [{ odd: {} }]\n');
    expect(story.exit).toBe(3);
    expect(story.told('web1', 'odd')).toContain(told);
  });

  test('that fails in a loop runs for every item first', async () => {
    program(
      'each.sh',
      { params: { properties: { n: { type: 'integer' } } } },
      `#!/bin/sh
read -r given
case $given in *2*) echo '{"failed": true, "msg": "two"}' ;; *) echo '{"changed": true}' ;; esac
`,
    );
    const story = await stage.run(`
- hosts: web1
  tasks:
    - { each: { n: '{{item}}' }, loop: [1, 2, 3] }
    - debug: never
`);
    expect(story.did('web1')).toEqual(['changed each 1 [1]', 'failed each 2 [2]', 'changed each 3 [3]']);
  });
});

describe('a module in JavaScript', () => {
  test('that throws at work fails its task with the line, not play', async () => {
    file(
      'modules/bad.ts',
      `interface P { n: number }
export default {
  name: 'bad', on: 'controller', summary: 'It throws.', params: {},
  run(_: P): never {
    throw new Error('no way');
  },
};
`,
    );
    const story = await stage.run('- hosts: web1\n  tasks: [{ bad: {} }]\n');
    expect(story.exit).toBe(3);
    expect(story.told('web1', 'bad')).toContain('bad: no way (modules/bad.ts:5)');
  });

  test('may import its own files, those of Node and packages of either kind', async () => {
    file('modules/lib/shout.ts', 'export const shout = (text: string): string => text.toUpperCase();\n');
    file('node_modules/old/package.json', '{"name":"old","main":"main.js"}');
    file('node_modules/old/main.js', "module.exports = { old: 'cjs' };");
    file('node_modules/new/package.json', '{"name":"new","type":"module","exports":"./main.js"}');
    file('node_modules/new/main.js', "export const fresh = 'esm';");
    file(
      'modules/mix.ts',
      `import { basename } from 'node:path';
import { old } from 'old';
import { fresh } from 'new';
import { shout } from './lib/shout.ts';
export const mix = {
  name: 'mix', on: 'controller', summary: 'It mixes.', params: {}, check: true,
  run: () => ({ changed: false, fields: { text: shout(basename('/a/b')) + old + fresh } }),
};
`,
    );
    const story = await stage.run(`- hosts: web1\n  tasks: [{ mix: {}, register: r }, { debug: '{{r.text}}' }]\n`);
    expect(story.stderr).toBe('');
    expect(story.told('web1', 'debug')).toContain('Bcjsesm');
  });
});

test('an installed library is found by its keyword, also above the playbook', async () => {
  file('node_modules/@acme/play-tools/package.json', '{"name":"@acme/play-tools","keywords":["play-library"]}');
  file(
    'node_modules/@acme/play-tools/modules/say.js',
    `export default {
  name: 'say', on: 'controller', summary: 'It says a word.',
  params: { properties: { word: { type: 'string' } } }, shorthand: 'word',
  run: ({ word }) => ({ changed: false, fields: {}, message: 'said ' + word }),
};
`,
  );
  stage.desk.file('deep/site.yml', '- hosts: web1\n  tasks: [{ tools.say: hello }]\n');
  const { exit, stdout } = await stage.desk.play(['deep/site.yml', '-i', 'hosts.yml', '-o', 'lines']);
  expect(stdout).toContain('said hello');
  expect(exit).toBe(0);
});
