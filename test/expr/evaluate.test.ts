import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../src/expr/condition.ts';
import { loadExpressions } from '../../src/expr/load.ts';
import { isMissing } from '../../src/expr/missing.ts';
import type { Value } from '../../src/model/value.ts';
import { scopeOf, thrownBy } from './told.ts';

const compiler = await loadExpressions();
const scope = scopeOf({
  count: 3,
  workers: 7,
  big: 2 ** 40,
  ready: true,
  name: 'web1',
  'web-1': 'dashed',
  package: 'nginx',
  list: [1, 2],
  nothing: null,
  params: { env: 'prod', port: 8080, tags: ['a', 'b'], empty: {} },
  facts: { os: { family: 'debian' } },
  health: { status: 200, json: null },
  hosts: { web1: { address: '10.0.0.1' }, 'web-2': { address: '10.0.0.2' } },
  broken: () => {
    throw new Error('must not be read');
  },
});

function evaluate(text: string): Value {
  const { expression, problems } = compiler.compileExpression(text, { file: 'x', start: 0, end: text.length });
  expect(problems).toEqual([]);
  if (!expression) throw new Error('not compiled');
  return expression.evaluate(scope);
}

describe('an expression gives plain data', () => {
  it.each<[string, Value]>([
    ['count + 1', 4],
    ['1 + count', 4],
    ['count - 1 == 2', true],
    ['workers / 2', 3.5],
    ['7 / 2', 3],
    ['workers % 2 == 1', true],
    ['count * 2.5', 7.5],
    ['big + 1', 2 ** 40 + 1],
    ['count in [1, 2, 3]', true],
    ['count > 2 && name == "web1"', true],
    ['params.env == "prod" ? "p" : "s"', 'p'],
    ['params["env"]', 'prod'],
    ['params.tags[1]', 'b'],
    ['params.tags.map(t, t + "!")', ['a!', 'b!']],
    ['params.tags.exists(t, t == "b")', true],
    ['hosts["web-2"].address', '10.0.0.2'],
    ['hosts[name].address', '10.0.0.1'],
    ['facts.os.family in ["debian", "ubuntu"]', true],
    ['size(params.tags)', 2],
    ['[1, "a", true, null]', [1, 'a', true, null]],
    ['{"a": 1, "b": [count]}', { a: 1, b: [3] }],
    ['vars.package', 'nginx'],
    ['vars.list[0]', 1],
    ['vars["web-1"]', 'dashed'],
    ['vars[name + "x"] == null || true', true],
    ['vars.?typo.orValue("d")', 'd'],
    ['params.?nope.orValue(1)', 1],
    ['params.?empty.?deeper.orValue("none")', 'none'],
    ['has(vars.typo)', false],
    ['has(vars.count)', true],
    ['has(params.port) && params.port > 80', true],
    ['has(vars.typo) && vars.typo.x == 1', false],
    ['false && broken', false],
    ['nothing == null', true],
    ['nothing == 3', false],
    ['name == 3', false],
    ['name.matches("^web[0-9]+$")', true],
    ['name.matches("^(w+)+$")', false],
    ['type(name) == string', true],
    ['timestamp("2020-01-01T00:00:00Z")', '2020-01-01T00:00:00.000Z'],
    ['"port " + string(count)', 'port 3'],
    ['int("08") + count', 11],
    ['"日本".size()', 2],
    ['date_add(timestamp("2026-01-01T00:00:00Z"), duration("1h30m"))', '2026-01-01T01:30:00Z'],
    ['to_seconds(duration("90s")) + count', 93],
    ['params.tags.size() == 2 ? length(params.tags) : 0', 2],
    ['params.tags.join("-").upper().split("-")[1]', 'B'],
  ])('%s', (text, result) => {
    expect(evaluate(text)).toEqual(result);
  });

  it('ends at once with a pattern that stops a backtracking matcher', () => {
    expect(evaluate(`"${'a'.repeat(200)}!".matches("^(a+)+$")`)).toBe(false);
  });

  it('keeps a key called __proto__ a key', () => {
    expect(Object.getPrototypeOf(evaluate('from_json("{\\"__proto__\\": {\\"x\\": 1}}")'))).toBe(Object.prototype);
  });
});

describe('"not yet" is told from real faults', () => {
  it.each([
    ['health.json.version == "1"', true],
    ['health.nope == 1', true],
    ['typo', true],
    ['params.tags[7] == "x"', true],
    ['nothing > 3', true],
    ['vars.typo.x', true],
    ['count + name == 1', false],
    ['1 / 0 == 1', false],
    ['name.matches(name + "(")', false],
  ])('%s: missing %s', (text, missing) => {
    const { expression } = compiler.compileExpression(text, { file: 'x', start: 0, end: text.length });
    let caught: unknown;
    try {
      expression?.evaluate(scope);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeDefined();
    expect(isMissing(caught)).toBe(missing);
  });

  it('counts a condition that gives null as missing', () => {
    const { condition } = compileCondition(compiler.compileExpression, {
      text: 'nothing',
      at: { file: 'x', start: 0, end: 7 },
    });
    expect(thrownBy(() => condition?.holds(scope))[0]?.code).toBe('E_VALUE_NULL');
  });
});

describe('what an expression reads is known without running it', () => {
  const read = (text: string): string[] => {
    const { expression } = compiler.compileExpression(text, { file: 'x', start: 0, end: text.length });
    return (expression?.references ?? []).map(
      ({ root, path, guarded }) => [root, ...path].join('.') + (guarded ? '?' : ''),
    );
  };

  it.each([
    ['a.b[0].c == d', ['a.b.0.c', 'd']],
    ['hosts[item].address', ['item', 'hosts']],
    ['vars.port + vars["x-y"]', ['port', 'x-y']],
    ['vars[item]', ['item', 'vars']],
    ['items.map(x, x + y)', ['items', 'y']],
    ['params.tags.filter(t, t != params.env)', ['params.tags', 'params.env']],
    ['has(a.b.c)', ['a.b', 'a.b.c?']],
    ['has(vars.x)', ['x?']],
    ['has(vars.x) && vars.x.y == 1', ['x?', 'x.y?']],
    ['has(vars.x) ? vars.x : vars.z', ['x?', 'x?', 'z']],
    ['!has(vars.x) || vars.x', ['x?', 'x?']],
    ['!has(vars.x) ? 1 : vars.x', ['x?', 'x?']],
    ['a.?b.c.orValue(d)', ['a', 'a.b.c?', 'd']],
    ['vars.?x.orValue(1)', ['x?']],
    ['cel.bind(t, a.b, t + c)', ['a.b', 'c']],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});
