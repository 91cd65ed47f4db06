import { describe, expect, it } from 'vitest';
import { fromJinja } from '../../src/expr/jinja.ts';

describe('a Jinja expression is shown as CEL', () => {
  it.each([
    ['{{ ready }}', 'ready'],
    ["{{ env == 'prod' }}", "env == 'prod'"],
    ['env == "{{ wanted }}"', 'env == wanted'],
    ['a and b or not c', 'a && b || !c'],
    ['not (a or b)', '!(a || b)'],
    ['port is defined', 'has(vars.port)'],
    ['params.port is defined and x', 'has(params.port) && x'],
    ['port is not defined', '!has(vars.port)'],
    ['port is undefined', '!has(vars.port)'],
    ['x is none', 'x == null'],
    ['x is not none', 'x != null'],
    ['a.b is match("^x")', 'a.b.matches("^x")'],
    ['result is changed', 'result.changed'],
    ['result is succeeded', '!result.failed'],
    ['result is not failed and x', '!result.failed && x'],
    ['"web" not in groups', '!("web" in groups)'],
    ['a and x not in [1, 2]', 'a && !(x in [1, 2])'],
    ['name | lower == "x"', 'name.lower() == "x"'],
    ['port | default(80) | int > 1', 'int(vars.?port.orValue(80)) > 1'],
    ['params.port | default(80)', 'params.?port.orValue(80)'],
    ['owner | default(omit)', 'vars.?owner.orValue(omit)'],
    ['owner | default("x", true)', '(vars.?owner.orValue("") != "" ? owner : "x")'],
    ['app.owner | default(omit, True) | lower', '(app.?owner.orValue("") != "" ? app.owner : omit).lower()'],
    ['owner or omit', 'vars.?owner.orValue("") != "" ? owner : omit'],
    ['items | length > 0', 'size(items) > 0'],
    ['(a + b) | int', 'int((a + b))'],
    ['hosts["web1"].tags | join(",")', 'hosts["web1"].tags.join(",")'],
    ['x == True', 'x == true'],
    ["'a' ~ b", "'a' + b"],
    ["'x' if prod else 'y'", "prod ? 'x' : 'y'"],
    ['a if b is defined else c', 'has(vars.b) ? a : c'],
  ])('%s', (jinja, cel) => {
    expect(fromJinja(jinja)).toBe(cel);
  });

  it.each([['a && b'], ['x | unknown_filter'], ['x is divisibleby(2)'], ['"a and b"'], ['']])(
    'nothing is made of %s',
    (text) => {
      expect(fromJinja(text)).toBeUndefined();
    },
  );
});
