import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* What functions know of the run, as an author sees it: on three hosts that are this machine. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('local');
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

const book = `
- hosts: all
  vars:
    password: '{{random_password 24 "shop"}}'
  tasks:
    - copy: { dest: '{{place}}/first', content: '{{password}}' }
    - copy: { dest: '{{place}}/second', content: '{{= random_password(24, "shop")}}' }
    - copy: { dest: '{{place}}/other', content: '{{random_password 24 "admin"}}' }
    - copy: { dest: '{{place}}/began', content: '{{now "%s.%L"}}' }
    - copy: { dest: '{{place}}/still', content: '{{= now("%s.%L")}}' }
`;

describe('what is random or depends on the clock', () => {
  test('is the same wherever a host uses it in one run, and another on each host and in the next run', async () => {
    expect((await stage.run(book)).exit).toBe(0);
    const passwords = ['web1', 'web2', 'web3'].map((host) => stage.read(host, 'first'));
    expect(new Set(passwords).size).toBe(3);
    expect(passwords[0]).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(stage.read('web1', 'second')).toBe(passwords[0]);
    expect(stage.read('web1', 'other')).not.toBe(passwords[0]);
    expect(stage.read('web1', 'still')).toBe(stage.read('web1', 'began'));
    expect(stage.read('web3', 'began')).toBe(stage.read('web1', 'began'));
    await stage.run(book);
    expect(stage.read('web1', 'first')).not.toBe(passwords[0]);
  });
});

describe('files and the environment of the controller', () => {
  test('are read there, and what is read is recorded', async () => {
    stage.desk.file('files/keys.txt', 'ssh-ed25519 AAAA ann\nssh-ed25519 BBBB bob\n');
    const story = await stage.run(
      `
- hosts: web1
  tasks:
    - name: user
      debug: { msg: '{{item}} in {{env "STAGE" "test"}}' }
      loop: lines(file("keys.txt")).map(line, line.split(" ")[2])
`,
    );
    expect(story.exit).toBe(0);
    expect(story.stdout).toContain('ann in test');
    expect(story.stdout).toContain('bob in test');
    expect(JSON.stringify(story.events)).toContain('files/keys.txt');
  });

  test('one that is missing is found before any host does anything', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - copy: { dest: '{{place}}/made', content: x }
    - debug: { msg: '{{file "no-such"}}' }
`);
    expect(story.exit).toBe(2);
    expect(story.stderr).toContain('no such file: no-such');
    expect(stage.read('web1', 'made')).toBe('');
  });
});

describe('a function that refuses a value of a host', () => {
  test('fails the task there, names the place, and repeats little of the value', async () => {
    const story = await stage.run(`
- hosts: web1
  tasks:
    - command: printf '{"token":"0123456789abcdef0123456789abcdef",}'
      register: reply
    - name: reads the reply
      debug: { msg: '{{= from_json(reply.stdout).token}}' }
`);
    expect(story.exit).toBe(3);
    const screen = story.stdout + story.stderr;
    expect(screen).toContain('from_json(): "{\\"token\\":\\"01…" is not JSON: line 1, column 45');
    expect(screen).toContain('site.yml:6');
  });
});
