import { describe, expect, it } from 'vitest';
import { loadExpressions } from '../../src/expr/load.ts';
import { functionNamed, functionNames, nearestFunction } from '../../src/functions/catalogue.ts';
import { functions } from '../../src/functions/index.gen.ts';
import { asExpression, asTemplate } from '../../src/functions/written.ts';
import type { Value } from '../../src/model/value.ts';
import { compileTemplate } from '../../src/template/template.ts';
import { exampleRun, scopeIn } from './stage.ts';

const expressions = await loadExpressions();
const run = exampleRun();

function evaluate(text: string): Value | undefined {
  const { expression, problems } = expressions.compileExpression(text, { file: 'x', start: 0, end: text.length });
  expect(problems).toEqual([]);
  return expression?.evaluate(scopeIn(run));
}

function render(text: string, vars: Record<string, Value>): Value | undefined {
  const at = { file: 'x', start: 0, end: text.length };
  const { template, problems } = compileTemplate(text, at, { expressions });
  expect(problems).toEqual([]);
  return template?.render(scopeIn(run, vars));
}

const examples = functions.flatMap((one) => one.examples.map((example) => ({ one, example })));
const named = examples.map(({ one, example }) => ({ one, example, call: asExpression(one, example) }));
const inExpressions = named.filter(({ one }) => typeof one.cel !== 'object');

describe('every function gives what its examples say', () => {
  it.each(inExpressions)('in an expression: $call', ({ call, example }) => {
    expect(evaluate(call)).toEqual(example.result);
  });

  const methods = inExpressions
    .filter(({ one, example }) => one.cel === undefined && example.args.length > 0)
    .map(({ one, example }) => ({ example, method: asExpression(one, example, 'method') }));
  it.each(methods)('from left to right: $method', ({ method, example }) => {
    expect(evaluate(method)).toEqual(example.result);
  });

  const texts = named.map(({ one, example }) => ({ example, ...asTemplate(one, example) }));
  it.each(texts)('in text: $template', ({ template, vars, example }) => {
    expect(render(template, vars)).toEqual(example.result);
  });
});

describe('the functions are of one piece', () => {
  it('have names in snake_case, each once', () => {
    const names = functions.flatMap(({ name, alias }) => (alias ? [name, alias] : [name]));
    expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(functionNames().sort()).toEqual(names.sort());
  });

  it('know a name of another tool for one function only, and none that exists', () => {
    const called = functions.flatMap((one) => one.alsoCalled ?? []);
    expect(called.filter((name, i) => called.indexOf(name) !== i)).toEqual([]);
    expect(called.filter((name) => functionNamed(name))).toEqual([]);
  });

  it('take what must be given first', () => {
    const wrong = functions.filter(({ params }) => {
      const optional = Object.values(params).map((param) => param.default !== undefined || param.optional === true);
      return optional.lastIndexOf(false) > optional.indexOf(true) && optional.includes(true);
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});

describe('what Ansible, Jinja and Python call a function leads to ours', () => {
  const theirs =
    'dict2items items2dict b64encode b64decode combine flatten unique union intersect difference symmetric_difference ' +
    'zip product subelements to_json from_json to_nice_json to_yaml from_yaml to_nice_yaml from_yaml_all regex_search ' +
    'regex_findall regex_replace regex_escape quote basename dirname splitext expanduser realpath relpath hash checksum ' +
    'password_hash to_uuid urlsplit urlencode urldecode ipaddr ipsubnet human_readable human_to_bytes ternary default ' +
    'random shuffle min max sum sort reverse join split trim upper lower title capitalize indent wordwrap truncate replace ' +
    'length first last list2 groupby batch slice selectattr rejectattr strftime to_datetime json_query comment fileglob ' +
    'version bool int float string abs round pow type_debug path_join commonpath normpath md5 sha1 format';

  it.each(theirs.split(' ').filter((name) => name !== 'list2'))('%s', (name) => {
    expect(functionNamed(name)?.name ?? nearestFunction(name)).toBeDefined();
  });
});
