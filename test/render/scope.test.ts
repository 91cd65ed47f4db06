import { describe, expect, test } from 'vitest';
import type { Definition } from '../../src/model/inventory.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { Fields, Value } from '../../src/model/value.ts';
import { ProblemError, sentence } from '../../src/problems/problem.ts';
import { createScope, type HostValues, NotKnown, NotYet } from '../../src/render/scope.ts';
import { createTextCompiler, type ValueTemplate } from '../../src/template/text-compiler.ts';
import { knowing } from './stage.ts';

interface Layers {
  inventory?: Record<string, Value | Value[]>;
  book?: Fields;
  play?: Fields;
  task?: Fields;
  locals?: Fields;
  values?: HostValues;
  data?: Fields;
  builtin?: Record<string, () => Value>;
}

const compiler = createTextCompiler();
await compiler.load();
/** How often each text was rendered. */
let rendered: string[] = [];

function compiled(value: Value): ValueTemplate {
  const { value: template, problems } = compiler.compileValue({
    value,
    locate: () => ({ file: 'vars.yml', start: 0, end: 0 }),
  });
  if (!template) throw new ProblemError(problems);
  return {
    ...template,
    render: (scope) => {
      rendered.push(String(value));
      return template.render(scope);
    },
  };
}

function vars(fields: Fields | undefined): ReadonlyMap<string, ValueTemplate> | undefined {
  return fields && new Map(Object.entries(fields).map(([name, value]) => [name, compiled(value)]));
}

function scope({
  inventory = {},
  book,
  play,
  task,
  locals,
  values = knowing(),
  data = {},
  builtin = {},
}: Layers): Scope {
  rendered = [];
  const definitions = new Map<string, Definition[]>();
  for (const [name, value] of Object.entries(inventory))
    definitions.set(name, [
      { value: 'weaker', layer: 'all' },
      { value, layer: 'host' },
    ]);
  for (const [name, value] of Object.entries(data)) definitions.set(name, [{ value, layer: 'cloud', data: true }]);
  return createScope({
    ...(locals && { locals }),
    taskVars: vars(task),
    playVars: vars(play),
    bookVars: vars(book),
    inventory: definitions,
    compile: ({ value }) => compiled(value),
    values,
    builtin,
  });
}

function failure(read: () => unknown): string {
  try {
    return `gave ${JSON.stringify(read())}`;
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map((each) => sentence(each).message).join('; ');
    if (error instanceof NotYet) return `not yet: ${error.what}`;
    if (error instanceof NotKnown) return `not known: ${error.message}`;
    throw error;
  }
}

describe('where a value comes from', () => {
  const layers: [string, Layers, string][] = [
    ['inventory', { inventory: { x: 'inventory' } }, 'inventory'],
    ['playbook', { inventory: { x: 'inventory' }, book: { x: 'book' } }, 'book'],
    ['play', { inventory: { x: 'inventory' }, book: { x: 'book' }, play: { x: 'play' } }, 'play'],
    ['task', { inventory: { x: 'i' }, book: { x: 'book' }, play: { x: 'play' }, task: { x: 'task' } }, 'task'],
    [
      'set_fact or register',
      { inventory: { x: 'i' }, book: { x: 'b' }, task: { x: 'task' }, values: knowing({ registers: { x: 'result' } }) },
      'result',
    ],
    [
      'item of a loop',
      { task: { item: 'task' }, locals: { item: 'item' }, values: knowing({ registers: { item: 'result' } }) },
      'item',
    ],
  ];
  test.each(layers)('%s wins over what is weaker', (_, parts, value) => {
    const name = value === 'item' ? 'item' : 'x';
    expect(scope(parts).get(name)).toBe(value);
  });

  test('the last definition of the inventory counts', () => {
    expect(scope({ inventory: { x: 'host' } }).get('x')).toBe('host');
  });

  test('nothing can take the place of the names that are built in', () => {
    const parts: Layers = {
      inventory: { host: 'i' },
      values: knowing({ registers: { host: 'r', facts: 'r' }, facts: { arch: 'x86_64' } }),
      builtin: { host: () => ({ name: 'web1' }) },
    };
    expect(scope(parts).get('host')).toEqual({ name: 'web1' });
    expect(scope(parts).get('facts')).toEqual({ arch: 'x86_64' });
  });

  test('a name that nothing gives is undefined, and so are the names that every object has', () => {
    const one = scope({ inventory: { x: 1 }, locals: {} });
    for (const name of ['y', 'toString', 'constructor', '__proto__', 'hasOwnProperty'])
      expect(one.get(name)).toBe(undefined);
  });

  test('all names are known, for "did you mean"', () => {
    const names = scope({
      inventory: { a: 1 },
      book: { b: 1 },
      play: { c: 1 },
      task: { d: 1 },
      locals: { item: 1 },
      values: knowing({ registers: { e: 1 }, pending: new Set(['f']) }),
      builtin: { host: () => null },
    }).names();
    expect(names.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'facts', 'host', 'item', 'omit']);
  });
});

describe('variables are templates', () => {
  test('in any order, through any layer', () => {
    const parts = { inventory: { root: '/srv' }, book: { a: '{{b}}/a', b: '{{c}}/b' }, play: { c: '{{root}}/c' } };
    expect(scope(parts).get('a')).toBe('/srv/c/b/a');
  });

  test('that keep the type of what they name', () => {
    const parts = { book: { a: '{{b}}', b: [1, { c: '{{d}}' }], d: 2.5, e: '{{= d * 2 }}' } };
    expect(scope(parts).get('a')).toEqual([1, { c: 2.5 }]);
    expect(scope(parts).get('e')).toBe(5);
  });

  test('rendered only when read, and once', () => {
    const one = scope({ book: { a: '{{b}}{{b}}', b: '{{c}}', c: 'x', broken: '{{nothing}}' } });
    expect(one.get('a')).toBe('xx');
    expect(one.get('a')).toBe('xx');
    expect(rendered.filter((text) => text === '{{c}}')).toHaveLength(1);
    expect(rendered).not.toContain('{{nothing}}');
    expect(failure(() => one.get('broken'))).toBe('"nothing" is not defined');
  });

  test('that cost no more the more often they are named', () => {
    const book: Fields = { a0: 'x', b0: 'y' };
    for (let i = 1; i < 60; i++)
      Object.assign(book, {
        [`a${i}`]: `{{a${i - 1}}}{{= b${i - 1} == "" ? "" : "" }}`,
        [`b${i}`]: `{{b${i - 1}}}{{= a${i - 1} == "" ? "" : "" }}`,
      });
    expect(scope({ book }).get('a59')).toBe('x');
    expect(rendered.length).toBeLessThan(200);
  });

  test('that see the winning value of each name', () => {
    const parts = { inventory: { port: 80, url: 'http://x:{{port}}' }, play: { port: 8080 } };
    expect(scope(parts).get('url')).toBe('http://x:8080');
    const later = knowing({ registers: { port: 9090 } });
    expect(scope({ ...parts, values: later }).get('url')).toBe('http://x:9090');
  });

  test('without the item and the variables of the task, unless they are its own', () => {
    const parts: Layers = {
      locals: { item: 'a', index: 0 },
      task: { own: '{{item}}-{{extra}}', extra: 'x' },
      book: { shared: '{{extra}}', looped: '{{item}}' },
    };
    expect(scope(parts).get('own')).toBe('a-x');
    expect(failure(() => scope(parts).get('shared'))).toBe('"extra" is not defined');
    expect(failure(() => scope(parts).get('looped'))).toBe('"item" is not defined');
  });

  test('a variable of the task may have the name of one that leads to it', () => {
    const parts = { task: { dir: '{{base}}/task' }, play: { base: '{{dir}}/base', dir: '/srv' } };
    expect(scope(parts).get('dir')).toBe('/srv/base/task');
  });

  test('and a circle is told with everyone on it', () => {
    const book = { a: '{{b}}', b: '{{= c + "x" }}', c: '{{a}}', d: '{{d}}', e: '{{default e 1}}' };
    expect(failure(() => scope({ book }).get('b'))).toBe('these variables need each other: b → c → a → b');
    expect(failure(() => scope({ book }).get('d'))).toBe('the variable "d" needs itself');
    expect(failure(() => scope({ book }).get('e'))).toBe('the variable "e" needs itself');
  });

  test('after a circle other variables can still be read', () => {
    const one = scope({ book: { a: '{{b}}', b: '{{a}}', c: '{{d}}', d: 'x' } });
    expect(failure(() => one.get('a'))).toContain('need each other');
    expect(one.get('c')).toBe('x');
  });
});

describe('data is never rendered', () => {
  const hostile = '{{x}} {{= 1 + 1 }} {{#if x}}';
  test.each<[string, Layers]>([
    ['a result', { values: knowing({ registers: { out: { stdout: hostile } } }) }],
    ['a fact', { values: knowing({ facts: { out: { stdout: hostile } } }) }],
    ['an inventory of programs', { data: { out: { stdout: hostile } } }],
    ['an item', { locals: { out: { stdout: hostile } } }],
    ['the environment', { builtin: { out: () => ({ stdout: hostile }) } }],
  ])('%s stays as it is, read directly and through variables', (name, parts) => {
    const path = name === 'a fact' ? 'facts.out.stdout' : 'out.stdout';
    const book = { twice: `<{{${path}}}>`, thrice: '{{twice}}', whole: `{{${path}}}` };
    const one = scope({ ...parts, book });
    if (name !== 'an item') expect(one.get('thrice')).toBe(`<${hostile}>`);
    if (name !== 'an item') expect(one.get('whole')).toBe(hostile);
    expect(scope({ ...parts, task: book }).get('thrice')).toBe(`<${hostile}>`);
  });
});

describe('what is not there yet', () => {
  test('facts that were not gathered, results of the same flight', () => {
    const values = knowing({ pending: new Set(['out']), registers: { out: 'the old one' } });
    const one = scope({ values, book: { a: '{{out}}', b: '{{facts.arch}}', c: '{{default out "x"}}' } });
    expect(failure(() => one.get('out'))).toBe('not yet: register');
    expect(failure(() => one.get('a'))).toBe('not yet: register');
    expect(failure(() => one.get('b'))).toBe('not yet: facts');
    expect(failure(() => one.get('c'))).toBe('not yet: register');
    expect(one.get('d')).toBe(undefined);
  });

  test('is rendered again once it is there', () => {
    const values = knowing({ pending: new Set(['out']) });
    const one = scope({ values, book: { a: '{{out}}' } });
    expect(failure(() => one.get('a'))).toBe('not yet: register');
    values.pending.delete('out');
    values.results.set('out', 'here');
    expect(one.get('a')).toBe('here');
  });

  test('in check mode: what only the real run would give, with the task that would', () => {
    const one = scope({ values: knowing({ unknown: new Map([['out', 'ask']]) }), play: { a: '{{out.rc}}' } });
    expect(failure(() => one.get('a'))).toBe('not known: depends on "ask", which does not run in check mode');
  });
});
