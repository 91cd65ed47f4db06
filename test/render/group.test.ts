import { describe, expect, test } from 'vitest';
import { NotYet } from '../../src/render/scope.ts';
import { knowing, paramsOf, stage, told } from './stage.ts';

/** A play on this machine with these tasks. */
function book(tasks: string, vars = ''): Record<string, string> {
  return { 'play.yml': `hosts: localhost\n${vars}tasks:\n${tasks}` };
}

/** What becomes of the items of the first task. */
async function items(tasks: string, vars = '', values = knowing(), check = false): Promise<string[]> {
  const { group } = await stage(book(tasks, vars));
  return (await group(0, values, check)).items.map(told);
}

describe('when', () => {
  test('skips a task, and says why', async () => {
    expect(await items('  - debug: hello\n    when: 1 > 2\n')).toEqual(['skipped: when: 1 > 2']);
    expect(await items('  - debug: hello\n    when: [1 < 2, 2 > 3, 3 < 4]\n')).toEqual(['skipped: when: 2 > 3']);
    expect(await items('  - debug: hello\n    when: [1 < 2, true]\n')).toEqual(['hello']);
  });

  test('is asked for each item', async () => {
    const tasks = '  - debug: "{{item}} {{index}}"\n    loop: [1, 2, 3]\n    when: item != 2\n';
    expect(await items(tasks)).toEqual(['1 0', 'skipped: when: item != 2', '3 2']);
  });

  test('comes before anything else is filled in', async () => {
    const tasks = '  - debug: "{{nothing}}"\n    when: has(vars.nothing)\n';
    expect(await items(tasks)).toEqual(['skipped: when: has(vars.nothing)']);
  });

  test('that is no condition is found before the run', async () => {
    const book = items('  - debug: hello\n    when: x\n', 'vars: { x: "yes" }\n');
    await expect(book).rejects.toThrow('E_EXPR_NOT_BOOL');
  });
});

describe('loop', () => {
  const vars =
    'vars: { words: [a, b], nested: [{ name: x, ports: [1, 2] }], nobody: [], text: abc, pairs: { k: v } }\n';
  test.each([
    ['a list', '[a, "{{words[1]}}"]', ['a', 'b']],
    ['a variable', 'words', ['a', 'b']],
    ['a template', "'{{words}}'", ['a', 'b']],
    ['an expression', 'nested[0].ports.map(p, string(p + 1))', ['2', '3']],
    ['an expression in a template', "'{{= range(2) }}'", ['0', '1']],
    ['nothing', 'nobody', ['skipped: the loop has no items']],
    ['a text', 'text', ['failed: `loop` must give a list, this gives "abc"']],
    ['a mapping', 'pairs', ['failed: `loop` must give a list, this gives a mapping']],
  ])('over %s', async (_, loop, expected) => {
    expect(await items(`  - debug: '{{item}}'\n    loop: ${loop}\n`, vars)).toEqual(expected);
  });

  test('items keep their type', async () => {
    const { group } = await stage(book("  - debug: { msg: '{{item}}' }\n    loop: [1, { a: [b] }, 'c']\n"));
    const { items: all } = await group();
    expect(all.map(({ locals }) => locals)).toEqual([
      { item: 1, index: 0 },
      { item: { a: ['b'] }, index: 1 },
      { item: 'c', index: 2 },
    ]);
  });

  test('a faulty item does not keep the others from being filled in', async () => {
    const tasks = "  - debug: '{{item.name}}'\n    loop: [{ name: a }, { nme: b }, { name: c }]\n";
    const { group } = await stage(book(tasks));
    expect((await group()).items.map(told)).toEqual(['a', 'failed: item has no "name"', 'c']);
  });

  test('set_fact adds up over items', async () => {
    const tasks = "  - set_fact: { total: '{{= total + [item] }}' }\n    loop: [a, b, c]\n";
    const values = knowing({ registers: { total: ['x'] } });
    const { group } = await stage(book(tasks, 'vars: { total: [] }\n'));
    const results = (await group(0, values)).items.map((item) =>
      item.kind === 'done' && item.result.status === 'result' ? item.result.result.facts : undefined,
    );
    expect(results).toEqual([{ total: ['x', 'a'] }, { total: ['x', 'a', 'b'] }, { total: ['x', 'a', 'b', 'c'] }]);
    expect(values.results.get('total')).toEqual(['x']);
  });
});

describe('what people see of a step', () => {
  test('has the id of the task, its name, and the item', async () => {
    const tasks =
      "  - name: 'make {{what}} {{item.name}}'\n    debug: x\n    loop: [{ name: a, size: 1 }, { name: b }]\n    loop_control: { label: '{{item.name}}' }\n";
    const { group } = await stage(book(tasks, 'vars: { what: users }\n'));
    const { items: all } = await group();
    expect(all.map(({ ref }) => ref)).toEqual([
      { host: 'localhost', step: '0/0/item.0', task: 'make users a', module: 'debug', label: 'a' },
      { host: 'localhost', step: '0/0/item.1', task: 'make users b', module: 'debug', label: 'b' },
    ]);
  });

  test('without a label the item itself is shown, cut when it is long', async () => {
    const { group } = await stage(book(`  - debug: x\n    loop: [a, { b: 1 }, ${'c'.repeat(100)}]\n`));
    const labels = (await group()).items.map(({ ref }) => ref.label);
    expect(labels).toEqual(['a', '{"b":1}', `${'c'.repeat(57)}…`]);
  });

  test('a name or a label that cannot be filled in fails nothing', async () => {
    const tasks =
      "  - name: 'say {{out.stdout}}'\n    debug: '{{item}}'\n    loop: [{ name: a }, { nme: b }]\n    loop_control: { label: '{{item.name}}' }\n    when: index < 5\n  - command: date\n    register: out\n";
    const { group } = await stage(book(tasks));
    const { items: all } = await group();
    expect(all.map(({ ref }) => [ref.task, ref.label])).toEqual([
      ['say {{out.stdout}}', 'a'],
      ['say {{out.stdout}}', '{"nme":"b"}'],
    ]);
    expect(all.map(told)).toEqual(['{\n  "name": "a"\n}', '{\n  "nme": "b"\n}']);
  });

  test('handlers say that they are', async () => {
    const files = { 'play.yml': 'hosts: localhost\ntasks: []\nhandlers: [{ name: h, debug: x }]\n' };
    const { play } = await stage(files);
    expect(play.handlers[0]?.task.id).toBe('0/handlers/0');
  });
});

describe('parameters', () => {
  test('are given as the module wants them', async () => {
    const tasks = `  - shell: echo {{who}} > "{{file}}"
  - command: 'tar x {{file}} {{list}}'
  - file: { path: '/srv/{{who}}', mode: '{{mode}}', state: directory }
`;
    const { group } = await stage(book(tasks, "vars: { who: ann, file: 'a b', list: [c, d], mode: '0750' }\n"));
    const [shell, command, file] = [await group(0), await group(1), await group(2)];
    expect(paramsOf(shell.items[0])).toEqual({
      cmd: { text: 'echo "$__p1" > "${__p2}"', assign: { __p1: 'ann', __p2: 'a b' } },
    });
    expect(paramsOf(command.items[0])).toEqual({ cmd: ['tar', 'x', 'a b', 'c', 'd'] });
    expect(paramsOf(file.items[0])).toEqual({ path: '/srv/ann', mode: '0750', state: 'directory' });
  });

  test('that became something else than the module takes fail the item, at their place', async () => {
    const tasks = "  - file: { path: '{{paths}}', state: directory }\n";
    expect(await items(tasks, 'vars: { paths: [a, b] }\n')).toEqual([
      'failed: file: `path` became ["a","b"], which must be string',
    ]);
  });

  test('that the module refuses fail the item', async () => {
    const tasks = "  - lineinfile: { path: /etc/hosts, regexp: '{{pattern}}', line: x }\n";
    expect(await items(tasks, "vars: { pattern: '(' }\n")).toEqual([expect.stringContaining('is not a pattern')]);
  });

  test('a result that holds braces is never a template', async () => {
    const values = knowing({ registers: { out: { stdout: '{{secret}} $(id)' } } });
    const tasks = "  - shell: echo {{out.stdout}}\n  - copy: { dest: /x, content: '{{out.stdout}}' }\n";
    const first = '  - command: x\n    register: out\n';
    const { group } = await stage(book(first + tasks, 'vars: { secret: s }\n'));
    expect(paramsOf((await group(1, values)).items[0])).toEqual({
      cmd: { text: 'echo "$__p1"', assign: { __p1: '{{secret}} $(id)' } },
    });
    expect(paramsOf((await group(2, values)).items[0])).toEqual({ dest: '/x', content: '{{secret}} $(id)' });
  });

  test('the content of a file holds braces as they are, a template is filled in once', async () => {
    const files = {
      ...book(
        '  - copy: { src: a.txt, dest: /a }\n  - template: { src: b.hbs, dest: /b }\n',
        'vars: { x: \'{{= "{{y}}" }}\' }\n',
      ),
      'a.txt': 'x = {{x}}',
      'b.hbs': 'x = {{x}}',
    };
    const { group } = await stage(files);
    // The folder is gone, so what is read now was read before.
    const text = async (index: number): Promise<string> => {
      const [item] = (await group(index)).items;
      const resource = item?.kind === 'step' ? item.resource : undefined;
      return resource?.kind === 'converge' ? Buffer.from(resource.content?.bytes ?? []).toString() : '';
    };
    expect(await text(0)).toBe('x = {{x}}');
    expect(await text(1)).toBe('x = {{y}}');
  });
});

describe('what is not known yet', () => {
  test('facts and results of the same flight stop the rendering', async () => {
    const { group } = await stage(
      book(
        "  - debug: '{{facts.arch}}'\n  - command: date\n    register: out\n  - debug: '{{out.rc}}'\n  - debug: x\n    when: facts.arch == 'x'\n",
      ),
    );
    await expect(group(0)).rejects.toMatchObject({ what: 'facts' });
    await expect(group(2, knowing({ pending: new Set(['out']) }))).rejects.toBeInstanceOf(NotYet);
    await expect(group(3)).rejects.toMatchObject({ what: 'facts' });
  });

  test('in check mode, what depends on a task that did not run is unknown', async () => {
    const values = knowing({ unknown: new Map([['out', 'ask for the date']]) });
    const { group } = await stage(
      book(
        "  - command: date\n    register: out\n  - debug: '{{out.rc}}'\n  - debug: '{{item}}'\n    loop: out.stdout_lines\n  - debug: x\n    when: out.rc == 0\n",
      ),
    );
    for (const index of [1, 2, 3]) {
      expect((await group(index, values, true)).items.map(told)).toEqual([
        'unknown: depends on "ask for the date", which does not run in check mode',
      ]);
    }
  });
});

test('the environment of a task wins over that of the play, and holds text only', async () => {
  const tasks =
    "  - command: x\n    env: { B: '{{port}}', C: 'c{{port}}' }\n  - command: x\n    env: { LIST: '{{list}}' }\n";
  const { group } = await stage(book(tasks, 'vars: { port: 80, list: [1] }\nenv: { A: a, B: b }\n'));
  const [item] = (await group(0)).items;
  expect(item?.kind === 'step' && item.rendered.env).toEqual({ A: 'a', B: '80', C: 'c80' });
  expect((await group(1)).items.map(told)).toEqual(['failed: the environment variable LIST is a list or a mapping']);
});
