import { describe, expect, it } from 'vitest';
import type { Located } from '../../src/model/span.ts';
import type { Value } from '../../src/model/value.ts';
import { createTextCompiler, needsExpressions } from '../../src/template/text-compiler.ts';
import { scopeOf, thrownBy, told } from '../expr/told.ts';

const scope = scopeOf({ app: '/srv', port: 80, names: ['a'] });

function located<T extends Value>(value: T): Located<T> {
  return { value, locate: (path = []) => ({ file: 'site.yml', start: path.length, end: path.length + 1 }) };
}

describe('a tree of values', () => {
  const compiler = createTextCompiler();

  it('is rendered at every depth and keeps types', () => {
    const { value } = compiler.compileValue(
      located({ dest: '{{app}}/x', list: ['{{port}}', 'b', { deep: '{{names}}' }], mode: 420, none: null }),
    );
    expect(value?.render(scope)).toEqual({ dest: '/srv/x', list: [80, 'b', { deep: ['a'] }], mode: 420, none: null });
    expect(value?.isStatic).toBe(false);
    expect(value?.references.map((reference) => reference.root)).toEqual(['app', 'port', 'names']);
  });

  it('costs nothing when nothing is in it', () => {
    const tree = located({ a: [1, { b: 'plain' }], c: null });
    const { value } = compiler.compileValue(tree);
    expect(value).toMatchObject({ isStatic: true, references: [] });
    expect(value?.render(scope)).toBe(tree.value);
  });

  it('shares the parts that are static', () => {
    const tree = located({ a: { b: ['x'] }, c: '{{port}}' });
    const rendered = compiler.compileValue(tree).value?.render(scope) as { a: unknown };
    expect(rendered.a).toBe(tree.value.a);
  });

  it('takes escapes away even where nothing else is to be done', () => {
    const { value } = compiler.compileValue(located({ format: '\\{{.Names}}', n: 1 }));
    expect(value?.isStatic).toBe(true);
    expect(value?.render(scope)).toEqual({ format: '{{.Names}}', n: 1 });
  });

  it('reports the problems of all its parts, before and while rendering', () => {
    const broken = compiler.compileValue(located({ a: '{{x', b: ['{{#if x}}'] }));
    expect(broken.problems.map((problem) => problem.code)).toEqual(['E_TEXT_UNCLOSED', 'E_TEXT_UNCLOSED']);
    const { value } = compiler.compileValue(located({ a: '{{tpyo}}', b: ['{{ap}}'] }));
    expect(thrownBy(() => value?.render(scope)).map((problem) => problem.facts)).toMatchObject([
      { name: 'tpyo' },
      { name: 'ap' },
    ]);
  });

  it('keeps a key called __proto__ a key', () => {
    const tree = located(JSON.parse('{"__proto__": "{{app}}"}') as Value);
    expect(JSON.stringify(compiler.compileValue(tree).value?.render(scope))).toBe('{"__proto__":"/srv"}');
  });
});

describe('the compiler', () => {
  it('compiles a text at a place once', () => {
    const compiler = createTextCompiler();
    const at = { file: 'a.yml', start: 3, end: 9 };
    expect(compiler.compileTemplate('{{x}}', at)).toBe(compiler.compileTemplate('{{x}}', at));
    expect(compiler.compileTemplate('{{x}}', at)).not.toBe(compiler.compileTemplate('{{x}}', { ...at, start: 4 }));
  });

  it('needs the engine only for texts with expressions', async () => {
    const compiler = createTextCompiler();
    const at = { file: 'a.yml', start: 0, end: 20 };
    expect(compiler.compileTemplate('{{x}}', at).problems).toEqual([]);
    expect(() => compiler.compileTemplate('{{= x }}', at)).toThrow(/load/);
    await compiler.load();
    expect(compiler.compileTemplate('{{= x }} ', at).problems).toEqual([]);
    expect(compiler.compileShell('echo {{= x }}', at).problems).toEqual([]);
    expect(compiler.compileWords('echo {{= x }}', at).problems).toEqual([]);
    expect(compiler.compileExpression('1 + 1', at).expression?.evaluate(scope)).toBe(2);
    expect(compiler.compileCondition({ text: 'port == 80', at }).condition?.holds(scope)).toBe(true);
  });

  it.each([
    ['{{= x }}', true],
    ['a: "{{#if= x }}y{{/if}}"', true],
    ['{{~#each= x }}', true],
    ['{{else if= x}}', true],
    ['{{{= x}}}', true],
    ['{{x}} = {{y}}', false],
    ['{{#if x}}', false],
    ['x == y', false],
  ])('says of %s: %s', (text, expected) => expect(needsExpressions(text)).toBe(expected));

  it('finds places in the file behind indentation and escapes', async () => {
    const source = 'when: |\n  ready &&\n  prot == 80\nrun: "a \\"{{ap}}\\""\n';
    const compiler = createTextCompiler({ sources: new Map([['site.yml', source]]) });
    await compiler.load();
    const condition = compiler.compileCondition({
      text: 'ready &&\nprot == 80\n',
      at: { file: 'site.yml', start: 6, end: source.indexOf('\nrun') },
    });
    const values = scopeOf({ ready: true, port: 80, app: 'x' });
    expect(
      told(
        thrownBy(() => condition.condition?.holds(values)),
        source,
      ),
    ).toContain('  prot == 80\n  ^^^^\n');
    const at = { file: 'site.yml', start: source.indexOf('"a'), end: source.length - 1 };
    const shell = compiler.compileShell('a "{{ap}}"', at).shell;
    expect(
      told(
        thrownBy(() => shell?.render(values)),
        source,
      ),
    ).toContain('run: "a \\"{{ap}}\\""\n            ^^\n');
  });
});
