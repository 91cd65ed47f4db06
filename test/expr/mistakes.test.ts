import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../src/expr/condition.ts';
import { loadExpressions } from '../../src/expr/load.ts';
import { scopeOf, thrownBy, told } from './told.ts';

const scope = scopeOf({
  count: 3,
  name: 'web1',
  ready: 'true',
  list: [1],
  web: 1,
  'my-port': 80,
  nothing: null,
  params: { env: 'prod', port: 8080 },
  health: { status: 200, json: null },
});

/** Conditions as an author writes them, wrong. Their screens are in golden/mistakes.txt. */
const conditions = [
  '',
  'a ==',
  '(a == 1',
  'x = 1',
  'a & b',
  'a ; b',
  '"open',
  'matches(name, "web\\d")',
  'a and b',
  'not ready',
  'port is defined',
  'port is not defined and x',
  'name | lower == "web"',
  'x == True',
  '{{ready}}',
  '{{ count > 1 }}',
  'params.env == "{{wanted}}"',
  'package == "nginx"',
  'list == [1]',
  'string',
  'has(port)',
  'nmae.lower() == "x"',
  'params.evn == "prod"',
  'health.json.version == "1"',
  'nothing.x == 1',
  'nothing > 3',
  'params.port.deep == 1',
  'vars.list[3] == 1',
  'vars.lits == [1]',
  'params["prot"] == 1',
  'name.lowre() == "x"',
  'lower(count) == "x"',
  'lower(1) == "x"',
  'params.dict2itms() == []',
  'name.b64_encode() == ""',
  'name.ipaddr()',
  'to_nice_yaml(params) == ""',
  'name.regex_sub("a", "b") == ""',
  'default(name, "x") == "x"',
  'name.d("x") == "x"',
  'frobnicate(name)',
  'name.regex_search("(?P<n>") == ""',
  'name.regex_search("w(.)", 2) == ""',
  'name.hash("crc") == ""',
  'date_add("2026-02-30", "1d") == ""',
  'date_add("2026-02-03", "soon") == ""',
  'strftime(0, "%Q") == ""',
  'strftime(0, "%F", "Mars") == ""',
  'ip_in(name, "10.0.0.0/8")',
  'ip_in("10.0.0.1", "10.0.0.0/40")',
  'version_compare(name, "2", "=>")',
  'list.sort_by("x") == []',
  '[1, "a"].sort() == []',
  '[].first() == 1',
  'params.get("deep.er") == 1',
  'params.lenght() == 2',
  'from_yaml("a: [") == 1',
  'from_toml("a = ") == {}',
  'env("HOME") == ""',
  'password_hash("x", "no spaces") == ""',
  'nothing.upper() == ""',
  'name + count == "x"',
  'count > "2"',
  '1 + 1',
  '"yes"',
  'count',
  'ready',
  'params',
  'count && true',
  'name ? true : false',
  'true ? 1 : "x"',
  'name.matches("(?=x)")',
  'name.matches(name + "(")',
  '1 / 0 == 1',
  'int(name) == 1',
  'my-port == 80',
  'range(9999999) == []',
  'from_json(name) == 1',
  '@index == 1',
  'web.tags.exists(t, t == "x")',
  '-name == 1',
];

describe('a wrong condition is explained', async () => {
  const compiler = await loadExpressions();
  const screen = (text: string): string => {
    const { condition, problems } = compileCondition(compiler.compileExpression, {
      text,
      at: { file: 'x', start: 0, end: text.length },
    });
    return told(problems.length > 0 ? problems : thrownBy(() => condition?.holds(scope)), text);
  };

  it.each(conditions)('%j', (text) => expect(screen(text)).not.toBe(''));

  it('on these screens', async () => {
    await expect(`${conditions.map(screen).join('\n\n')}\n`).toMatchFileSnapshot('golden/mistakes.txt');
  });
});
