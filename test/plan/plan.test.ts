import { describe, expect, test } from 'vitest';
import type { PlannedTask } from '../../src/plan/planned.ts';
import { readBook } from '../analyze/book.ts';

const inventory = `
web: { hosts: { web1: , web2: , web3: } }
db: { hosts: { db1: , web3: } }
`;

/** The hosts of each play. */
async function hosts(patterns: string[], limit?: string): Promise<string[][]> {
  const plays = patterns.map((pattern) => `- hosts: ${JSON.stringify(pattern)}\n  tasks: []\n`).join('');
  const files = { 'play.yml': plays, 'inventory.yml': inventory };
  const { plan } = await readBook(files, limit === undefined ? {} : { limit });
  return plan.plays.map((play) => play.hosts);
}

describe('hosts of a play', () => {
  test('are those of its pattern, in the order of the inventory', async () => {
    expect(await hosts(['all', 'web', 'web:&db', 'all:!web', 'web[0]', 'db1,web1'])).toEqual([
      ['web1', 'web2', 'web3', 'db1'],
      ['web1', 'web2', 'web3'],
      ['web3'],
      ['db1'],
      ['web1'],
      ['web1', 'db1'],
    ]);
  });

  test('are cut down by --limit', async () => {
    expect(await hosts(['web', 'db', 'localhost'], 'web3,web1')).toEqual([['web1', 'web3'], ['web3'], []]);
    expect(await hosts(['web'], 'all:!web2')).toEqual([['web1', 'web3']]);
  });

  test('that no pattern names are told at the pattern', async () => {
    const { screen } = await readBook({ 'play.yml': 'hosts: wbe\ntasks: []\n', 'inventory.yml': inventory });
    expect(screen).toContain('play.yml:1:8');
    expect(screen).toContain('did you mean "web"?');
  });
});

/** The first task of a playbook. */
async function planned(task: string, play = ''): Promise<PlannedTask> {
  const { plan } = await readBook({ 'play.yml': `hosts: localhost\n${play}tasks:\n  - ${task}\n` });
  const [found] = plan.plays[0]?.tasks ?? [];
  if (!found) throw new Error('no task');
  return found;
}

describe('a task', () => {
  test.each([
    ['file: { path: /x, state: directory }', true],
    ["file: { path: '/{{x}}', state: directory }", false],
    ['command: ls -l', true],
    ["command: 'ls {{x}}'", false],
    ['shell: ls | wc', true],
    ["shell: 'ls {{x}}'", false],
    ["shell: docker ps --format '\\{{.Names}}'", true],
    ['assert: { that: x == 1 }', true],
    ["assert: { that: x == 1, fail_msg: '{{x}}' }", false],
  ])('%s: the same for every host? %j', async (task, isStatic) => {
    expect((await planned(task, 'vars: { x: 1 }\n')).isStatic).toBe(isStatic);
  });

  test('knows every name it reads, and when', async () => {
    const vars = `vars: { ${[...'abcdefghijklmno'].map((name) => `${name}: 1`).join(', ')} }\n`;
    const task = await planned(
      `{ name: 'x {{a}}', shell: 'echo {{b}}', when: [c == 1, true], loop: ['{{d}}'], loop_control: { label: '{{e}}' },
    env: { F: '{{f}}' }, cwd: '{{g}}', changed_when: h == 1, failed_when: i == 1, until: j == 1, delegate_to: 'localhost{{#if= k == 2 }}x{{/if}}',
    vars: { unused: '{{l}}' }, become: true, become_user: '{{m}}' }`,
      `${vars}env: { N: '{{n}}' }\n`,
    );
    const read = task.readings.map(({ role, references }) => `${role} ${references.map(({ root }) => root).join(' ')}`);
    expect(read.toSorted()).toEqual([
      'after h',
      'after i',
      'after j',
      'label e',
      'loop d',
      'name a',
      'when c',
      'work b',
      'work f',
      'work g',
      'work k',
      'work m',
      'work n',
    ]);
  });

  test('takes become from its play, key by key', async () => {
    expect((await planned('debug: x', 'become: true\n')).become).toEqual({ enabled: true, user: 'root' });
    expect((await planned('{ debug: x, become_user: ann }', 'become: true\n')).become).toEqual({
      enabled: true,
      user: 'ann',
    });
    expect((await planned('{ debug: x, become: false }', 'become: true\n')).become?.enabled).toBe(false);
  });

  test('without a name keeps the one made of its arguments, even if that is cut within braces', async () => {
    const long = `echo ${'x'.repeat(52)} {{name_of_it}}`;
    const task = await planned(`shell: ${long}`, 'vars: { name_of_it: y }\n');
    expect(task.task.name).toContain('…');
  });
});

describe('the CEL engine is there for whatever holds an expression', () => {
  const expression = "'{{= 1 + 1 }}'";
  test.each([
    ['a variable of the playbook', `name: x\nvars: { x: ${expression} }\nplays: [{ hosts: localhost, tasks: [] }]\n`],
    ['a variable of a play', `hosts: localhost\nvars: { x: [{ y: ${expression} }] }\ntasks: []\n`],
    ['the environment of a play', `hosts: localhost\nenv: { X: ${expression} }\ntasks: [{ command: x }]\n`],
    ...['env: { X: E }', 'vars: { x: E }', 'cwd: E', 'name: E', 'delegate_to: E', 'become_user: E'].map((word) => [
      `a task with ${word}`,
      `hosts: localhost\ntasks: [{ command: x, ${word.replace('E', expression)} }]\n`,
    ]),
    ['a label', `hosts: localhost\ntasks: [{ debug: x, loop: [1], loop_control: { label: ${expression} } }]\n`],
    ['a handler', `hosts: localhost\ntasks: []\nhandlers: [{ name: h, debug: ${expression} }]\n`],
    ['a condition', 'hosts: localhost\ntasks: [{ debug: x, when: 1 < 2 }]\n'],
    ['a condition of a module', 'hosts: localhost\ntasks: [{ assert: 1 < 2 }]\n'],
    ['an expression of a module', 'hosts: localhost\ntasks: [{ debug: { var: 1 + 2 } }]\n'],
    ['a loop', 'hosts: localhost\ntasks: [{ debug: x, loop: range(2) }]\n'],
  ])('%s', async (_, text) => {
    expect((await readBook({ 'play.yml': text ?? '' })).screen).toBe('');
  });

  test('a template file, also one whose name is known only in the run', async () => {
    const task =
      "- template: { src: a.hbs, dest: /a }\n- command: x\n  register: out\n- template: { src: '{{out.stdout}}', dest: /b }\n";
    const files = { 'play.yml': `hosts: localhost\ntasks:\n${task.replace(/^/gm, '  ')}`, 'a.hbs': '{{= 1 + 1 }}' };
    const { screen, compiler } = await readBook(files);
    expect(screen).toBe('');
    const later = compiler.compileTemplate('{{= 1 + 1 }}', { file: 'b.hbs', start: 0, end: 12 });
    expect(later.template?.render({ get: () => undefined, names: () => [] })).toBe(2);
  });

  test('a variable of the inventory, also of hosts without a play', async () => {
    const files = {
      'play.yml': 'hosts: web\ntasks: []\n',
      'inventory.yml': `web: { hosts: { web1: } }\ndb: { hosts: { db1: { x: ${expression} } } }\n`,
    };
    const { screen, compiler, inventory } = await readBook(files);
    expect(screen).toBe('');
    const definition = inventory.hosts.get('db1')?.vars.get('x')?.at(-1);
    const compiled = definition && compiler.compileDefinition(definition);
    expect(compiled?.value?.render({ get: () => undefined, names: () => [] })).toBe(2);
  });
});

describe('groups of facts', () => {
  const groups = async (text: string, files: Record<string, string> = {}): Promise<string[] | undefined> =>
    (await readBook({ 'play.yml': text, ...files })).plan.plays[0]?.factGroups.toSorted();

  test('are those that tasks name, themselves, through variables and in templates', async () => {
    const text = `
name: x
vars: { a: '{{facts.os.family}}', unused: '{{facts.memory.total}}', b: '{{c}}' }
plays:
  - hosts: web
    vars: { d: '{{facts.cpus.count}}' }
    tasks:
      - debug: '{{a}} {{b}}'
        when: has(facts.arch) || vars.?d.orValue(1) == 1
      - template: { src: x.hbs, dest: /x }
    handlers:
      - { name: h, debug: '{{facts.hostname}}' }
`;
    const files = {
      'x.hbs': '{{facts.kernel}}',
      'inventory.yml': "web: { hosts: { web1: }, vars: { c: '{{facts.interfaces[0].name}}', e: '{{facts.disks}}' } }\n",
    };
    expect(await groups(text, files)).toEqual(['arch', 'cpus', 'hostname', 'interfaces', 'kernel', 'os']);
  });

  test('are shared by all plays, because facts are gathered once', async () => {
    const text =
      "- hosts: localhost\n  tasks: [{ debug: '{{facts.arch}}' }]\n- hosts: localhost\n  tasks: [{ debug: '{{facts.kernel}}' }]\n";
    expect(await groups(text)).toEqual(['arch', 'kernel']);
  });

  test('are all there are for a computed name', async () => {
    expect(await groups("hosts: localhost\ntasks: [{ debug: '{{json facts}} {{facts.arch}}' }]\n")).toEqual([]);
    const computed =
      "hosts: localhost\nvars: { x: arch, y: '{{= facts[x] }}' }\ntasks: [{ debug: '{{= vars[x] }}' }]\n";
    expect(await groups(computed)).toEqual([]);
  });
});
