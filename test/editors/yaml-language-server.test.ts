import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Editor, openEditor } from './language-server.ts';
import { type SchemaName, textsIn } from './schema-rig.ts';

/* What a person sees who writes playbooks in an editor with the YAML language server. `▮` is the cursor. */

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor[Symbol.asyncDispose]());

const place = 'playbooks/typed.yml';
const typed = (schema: SchemaName, text: string): string =>
  `# yaml-language-server: $schema=../schemas/${schema}.schema.json\n${text}`;
const offered = async (schema: SchemaName, text: string): Promise<string[]> =>
  (await editor.completions(place, typed(schema, text))).map(({ label }) => label);
const inPlay = (text: string): string => `- hosts: all\n${text.replaceAll(/^/gm, '  ')}`;
const inTask = (text: string): string => inPlay(`tasks:\n  - ${text.replaceAll('\n', '\n    ')}`);

describe('words are offered', () => {
  const cases: [where: string, schema: SchemaName, text: string, words: string[], not: string[]][] = [
    ['at the top of a playbook', 'playbook', '▮', ['hosts', 'tasks', 'plays', 'params'], ['copy', 'block']],
    ['in a list of plays', 'playbook', '- ▮', ['hosts', 'tasks', 'handlers', 'serial'], ['plays', 'copy']],
    ['in a play', 'playbook', inPlay('▮'), ['tasks', 'vars_files', 'strategy'], ['hosts', 'copy']],
    [
      'in a task',
      'playbook',
      inTask('▮'),
      ['copy', 'shell', 'when', 'register', 'block', 'include', 'role'],
      ['hosts'],
    ],
    ['in a task with a name', 'playbook', inTask('name: x\n▮'), ['copy', 'service', 'notify'], ['name', 'hosts']],
    ['below a module', 'playbook', inTask('copy:\n  ▮'), ['src', 'content', 'dest', 'mode', 'validate'], ['when']],
    ['for a state', 'playbook', inTask('file:\n  path: /a\n  state: ▮'), ['directory', 'absent', 'link'], ['path']],
    ['for a flag', 'playbook', inTask('become: ▮'), ['true', 'false'], []],
    [
      'below loop_control',
      'playbook',
      inTask('debug: x\nloop: [a]\nloop_control:\n  ▮'),
      ['label', 'parallel'],
      ['when'],
    ],
    ['in a block', 'playbook', inTask('block: []\n▮'), ['rescue', 'always', 'when'], ['copy', 'register']],
    ['in a task of a block', 'playbook', inTask('block:\n  - ▮'), ['copy', 'when'], []],
    ['beside an include', 'playbook', inTask('include: x.yml\n▮'), ['with', 'when'], ['copy', 'register']],
    ['for a strategy', 'playbook', inPlay('strategy: ▮'), ['free', 'linear'], []],
    ['for defaults of a module', 'playbook', inPlay('module_defaults:\n  copy:\n    ▮'), ['dest', 'owner'], []],
    ['in a parameter', 'playbook', 'params:\n  env:\n    ▮\nplays: []', ['type', 'enum', 'prompt'], ['hosts']],
    ['for its type', 'playbook', 'params:\n  env:\n    type: ▮\nplays: []', ['duration', 'secret'], []],
    ['in a file of tasks', 'tasks', '- ▮', ['copy', 'when', 'block'], ['hosts']],
    ['in role.yml', 'role', '▮', ['description', 'params', 'outputs'], ['tasks']],
    ['in a parameter of a role', 'role', 'params:\n  port:\n    ▮', ['type', 'default'], []],
    ['in a group', 'inventory', 'web:\n  ▮', ['hosts', 'children', 'vars'], ['user']],
    ['in a child group', 'inventory', 'web:\n  children:\n    eu:\n      ▮', ['hosts', 'children', 'vars'], []],
    [
      'at a host',
      'inventory',
      'web:\n  hosts:\n    web1:\n      ▮',
      ['address', 'ansible_host', 'proxy_jump'],
      ['hosts'],
    ],
    ['for a connection', 'inventory', 'web:\n  vars:\n    connection: ▮', ['ssh', 'local'], []],
  ];
  it.each(cases)('%s', async (_, schema, text, words, not) => {
    const labels = await offered(schema, text);
    expect(labels).toEqual(expect.arrayContaining(words));
    expect(labels.filter((label) => not.includes(label))).toEqual([]);
  });

  it('with what they are for', async () => {
    const items = await editor.completions(place, typed('playbook', inTask('copy:\n  ▮')));
    const { documentation } = items.find(({ label }) => label === 'dest') ?? {};
    expect(JSON.stringify(documentation)).toContain('The file on the host');
  });
});

describe('a word explains itself', () => {
  it.each([
    ['a key of a play', 'playbook', '- hos▮ts: all', ['Which hosts', 'localhost']],
    ['a module', 'playbook', inTask('co▮py: { src: a, dest: b }'), ['exactly this content', 'dest: /etc/']],
    ['a parameter', 'playbook', inTask('copy: { src: a, de▮st: b }'), ['The file on the host']],
    ['a keyword of a task', 'playbook', inTask('debug: a\nwh▮en: b'), ['Skips it when false']],
    [
      'a setting of a host',
      'inventory',
      'web: { hosts: { a: { ansible_ho▮st: b } } }',
      ['address to connect to', 'same as'],
    ],
    ['a key of role.yml', 'role', 'out▮puts: {}', ['hands back']],
  ] as const)('%s', async (_, schema, text, words) => {
    const shown = await editor.hover(place, typed(schema, text));
    for (const word of words) expect(shown).toContain(word);
  });
});

describe('a mistake is shown where it is', () => {
  it.each([
    ['a misspelt key', 'playbook', '- hosts: all\n  taks: []', '3: Property taks is not allowed.'],
    ['a misspelt module', 'playbook', inTask('cpy: { dest: a }'), '4: Property cpy is not allowed.'],
    [
      'a misspelt parameter',
      'playbook',
      inTask('copy:\n  dest: a\n  src: b\n  mod: x'),
      '7: Property mod is not allowed.',
    ],
    ['a wrong type', 'playbook', inPlay('become: 3'), '3: Incorrect type. Expected "boolean".'],
    [
      'a value that is none of a few',
      'playbook',
      inTask('service: { name: a, state: up }'),
      /4: Value is not accepted/,
    ],
    ['a parameter that is missing', 'playbook', inTask('copy: { src: a }'), '4: Missing property "dest".'],
    [
      'two that exclude each other',
      'playbook',
      inTask('copy: { dest: a, src: b, content: c }'),
      /4: .*content.* not allowed/,
    ],
    ['a handler that is a block', 'playbook', inPlay('handlers:\n  - block: []'), '4: Property block is not allowed.'],
    ['in a file of tasks', 'tasks', '- debug: a\n  wen: b', '3: Property wen is not allowed.'],
    ['in role.yml', 'role', 'parms: {}', '2: Property parms is not allowed.'],
    ['in an inventory', 'inventory', 'web:\n  host: { a: }', '3: Property host is not allowed.'],
    ['a group that is none', 'inventory', 'hosts: { a: }', /2: .*not allowed/],
  ] as const)('%s', async (_, schema, text, wanted) => {
    const found = await editor.diagnostics(place, typed(schema, text));
    expect(found).toContainEqual(typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));
  });
});

describe('what is right has none', () => {
  it.each([
    ...textsIn('playbooks', /\.yml$/).map((each) => ({ ...each, schema: 'playbook' as const, up: '..' })),
    ...textsIn('playbooks/inventory', /\.yml$/).map((each) => ({ ...each, schema: 'inventory' as const, up: '../..' })),
  ])('$place', async ({ place, text, schema, up }) => {
    const line = `# yaml-language-server: $schema=${up}/schemas/${schema}.schema.json\n`;
    expect(await editor.diagnostics(place, line + text)).toEqual([]);
    // And the server did look at it.
    expect(await editor.diagnostics(place, line + text.replace('hosts:', 'hots:'))).not.toEqual([]);
  });
});
