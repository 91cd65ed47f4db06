import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage, type Story } from './stage.ts';

/* What commands print becomes data: on this machine, without a connection. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage('local', 1);
});
afterEach(() => stage.clean());
afterAll(() => stage?.[Symbol.asyncDispose]());

const value = ({ events }: Story, name: string): unknown =>
  events.flatMap((event) => (event.type === 'register' && event.name === name ? [event.value] : [])).at(-1);

/** What `data` is after a task that prints this text. */
async function dataOf(text: string, parse: unknown): Promise<unknown> {
  const tasks = [{ command: { argv: ['printf', '%s', text] }, parse, register: 'got' }];
  const story = await stage.run(JSON.stringify([{ hosts: 'all', tasks }]));
  expect(story.exit, story.stdout).toBe(0);
  return (value(story, 'got') as { data: unknown }).data;
}

describe('parse', () => {
  test.each<[string, unknown, string, unknown]>([
    ['JSON', 'json', '{"a": [1, true, null]}\n', { a: [1, true, null] }],
    ['JSON lines', 'ndjson', '{"a":1}\n\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    ['YAML', 'yaml', 'a: [1, no]\n', { a: [1, 'no'] }],
    ['YAML documents', 'yaml_all', 'a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['CSV', 'csv', 'name,n\n"a, b",1\n', [{ name: 'a, b', n: '1' }]],
    ['CSV as it is', { csv: { delimiter: '\t', header: false } }, 'a\tb\n', [['a', 'b']]],
    [
      'names and values',
      'kv',
      '# x\nA=1\nB: "two words"\nURL=http://x?y=1\n',
      { A: '1', B: 'two words', URL: 'http://x?y=1' },
    ],
    ['names and values with a separator', { kv: { separator: ' = ' } }, 'net.a = 1 2\n', { 'net.a': '1 2' }],
    [
      'a table',
      'table',
      'PID CMD\n  1 init -x\n 22 sh\n',
      [
        { PID: '1', CMD: 'init -x' },
        { PID: '22', CMD: 'sh' },
      ],
    ],
    [
      'an aligned table with empty cells',
      { table: { aligned: true } },
      'NAME    LAST SEEN   NOTE\nweb 1   2 days ago\ndb                  slow\n',
      [
        { NAME: 'web 1', 'LAST SEEN': '2 days ago', NOTE: '' },
        { NAME: 'db', 'LAST SEEN': '', NOTE: 'slow' },
      ],
    ],
    [
      'a table without names',
      { table: { skip: 1, columns: ['user', 'tty'] } },
      'who:\nann pts/0\n',
      [{ user: 'ann', tty: 'pts/0' }],
    ],
    ['lines', 'lines', 'a\n\nb\n', ['a', '', 'b']],
    [
      'a pattern',
      { regex: '^(?P<k>\\w+) *= *(?P<v>.*)$' },
      'a = 1\n# no\nb=2\n',
      [
        { k: 'a', v: '1' },
        { k: 'b', v: '2' },
      ],
    ],
    ['a pattern that fits nowhere', { regex: '(?P<k>x)' }, 'a\n', []],
  ])('reads %s', async (_, parse, text, data) => {
    expect(await dataOf(text, parse)).toEqual(data);
  });

  test('conditions and until see the data', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - name: looks
      shell: echo '{"ready":true,"errors":[]}'
      parse: json
      register: health
      changed_when: "!health.data.ready"
      failed_when: result.data.errors.size() > 0
    - name: waits
      shell: 'echo x >> {{place}}/n; printf "{\\"n\\": %s}" $(wc -l < {{place}}/n)'
      parse: json
      register: count
      until: count.data.n >= 3
      retry: { attempts: 5, delay: 10ms }
    - name: each
      command: echo {{item}}
      parse: yaml
      loop: ['a: 1', '[2]']
      register: each
    - debug: '{{= to_json(each.results.map(r, r.data)) }} {{count.attempts}}'
`);
    expect(story.exit, story.stdout).toBe(0);
    expect(story.did('web1').slice(0, 2)).toEqual(['ok looks', 'changed waits']);
    expect(story.told('web1', 'debug').replace(/\s+/g, '')).toBe('okdebug[{"a":1},[2]]3');
  });

  test('an output that is not what was said fails the task, and nothing behind it runs', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - command: echo hello
      parse: json
    - command: touch {{place}}/reached
`);
    expect(story.exit).toBe(3);
    expect(story.told('web1', 'echo hello')).toContain('the output cannot be read as json: "hello" is not JSON');
    expect(story.did('web1')).toEqual(['failed command echo hello']);
    expect(stage.read('web1', 'reached')).toBe('');
  });

  test('a command that fails, or is not needed, has no data, and its own reason', async () => {
    const story = await stage.run(`
- hosts: all
  tasks:
    - shell: echo no; exit 4
      parse: json
      register: failed
      ignore_errors: true
    - command: { cmd: echo x, creates: / }
      parse: json
      register: spared
    - debug: '{{= failed.data == null && spared.data == null }} {{failed.rc}}'
`);
    expect(story.exit, story.stdout).toBe(0);
    expect(story.told('web1', 'exit 4')).toContain('exited with 4');
    expect(story.told('web1', 'debug')).toBe('ok debug true 4');
  });

  test.each([
    ['csv', 'a,b\n1\n', 'read as csv: this is not CSV'],
    ['yaml', 'a: [1\n', 'read as yaml: this is not YAML'],
    ['kv', 'just words\n', 'read as kv: line 1 has no = or : behind a name'],
    ['table', 'A B\n1 2\n\nx\n', ''],
    ['ndjson', '{}\n{"a"\n', 'read as ndjson: line 2 is not JSON'],
  ])('says what is wrong with %s', async (parse, text, words) => {
    const tasks = [{ command: { argv: ['printf', '%s', text] }, parse }];
    const story = await stage.run(JSON.stringify([{ hosts: 'all', tasks }]));
    expect(story.told('web1', 'command')).toContain(words);
  });

  test('a pattern that cannot be used, and a field that nothing gives, are found before the run', async () => {
    const lint = async (text: string): Promise<string> => {
      stage.desk.file('bad.yml', text);
      const { stdout, stderr } = await stage.desk.play(['lint', 'bad.yml']);
      return stdout + stderr;
    };
    const head = '- hosts: localhost\n  tasks:\n';
    expect(await lint(`${head}    - command: id\n      parse: { regex: '(a)\\1' }\n`)).toContain('E_PARSE_PATTERN');
    expect(await lint(`${head}    - command: id\n      parse: { regex: 'uid=' }\n`)).toContain('it has no named group');
    const read = "      register: got\n    - debug: '{{got.data}}'\n";
    expect(await lint(`${head}    - command: id\n${read}`)).toContain('has no "data"');
    expect(await lint(`${head}    - command: id\n      parse: lines\n${read}`)).not.toContain('error');
  });
});
