import { describe, expect, it } from 'vitest';
import { loadExpressions } from '../../src/expr/load.ts';
import type { Value } from '../../src/model/value.ts';
import { compileTemplate, type Template } from '../../src/template/template.ts';
import { scopeOf } from '../expr/told.ts';

const expressions = await loadExpressions();
const vars: Record<string, Value> = {
  app: '/srv/shop',
  port: 8080,
  ready: true,
  off: false,
  empty: '',
  nothing: null,
  names: ['a', 'b'],
  none: [],
  version: '1.2.3',
  env: { HOME: '/root' },
  upper: 'not the helper',
  json: { a: 1 },
  'web-1': 'dashed',
  loop: 'reserved',
  hosts: { web1: { address: '10.0.0.1', vars: { port: 1 } }, 'web.2': { address: '10.0.0.2' } },
  users: [
    { name: 'ann', admin: true, keys: ['k1', 'k2'] },
    { name: 'bob', admin: false, keys: [] },
  ],
  name: 'outer',
  ports: { http: 80, https: 443 },
  inert: '{{app}} {{= 1 + 1}} $(x)',
};

function compile(text: string): Template {
  const { template, problems } = compileTemplate(text, { file: 'x', start: 0, end: text.length }, { expressions });
  expect(problems).toEqual([]);
  if (!template) throw new Error('not compiled');
  return template;
}

const render = (text: string): Value => compile(text).render(scopeOf(vars));

describe('text with values in it', () => {
  it.each<[string, string]>([
    ['plain', 'plain'],
    ['{{app}}/current', '/srv/shop/current'],
    ['a {{ port }} b', 'a 8080 b'],
    ['{{ready}} {{off}}', 'true false'],
    ['[{{empty}}]', '[]'],
    ["don't {{app}}", "don't /srv/shop"],
    ['{{upper}} {{upper version}}', 'not the helper 1.2.3'],
    ['{{version}} and {{env.HOME}}', '1.2.3 and /root'],
    ['{{web-1}}!', 'dashed!'],
    ['<{{app}}> & "{{port}}"', '</srv/shop> & "8080"'],
    ['{"port":{{port}}}', '{"port":8080}'],
    ['{"a":{"port":{{port}}}}', '{"a":{"port":8080}}'],
    ['{{{app}}: 1}', '{/srv/shop: 1}'],
    ['{{{app}}} raw', '/srv/shop raw'],
    ['{ {{app}} }', '{ /srv/shop }'],
    ['${{port}}', '$8080'],
    ['a\\{{.Names}} {{port}}', 'a{{.Names}} 8080'],
    ['\\{{{x}}}', '{{{x}}}'],
    ['C:\\\\{{port}}', 'C:\\8080'],
    ['C:\\dir {{port}}', 'C:\\dir 8080'],
    ['{{hosts["web1"].address}}:{{port}}', '10.0.0.1:8080'],
    ["{{hosts['web.2'].address}}!", '10.0.0.2!'],
    ['{{names[0]}}{{names.[1]}}', 'ab'],
    ['{{users[0].keys[1]}}!', 'k2!'],
    ['{{vars.loop}} {{vars.web-1}}', 'reserved dashed'],
    ['{{= port + 1 }}!', '8081!'],
    ['{{= {"a": {"b": "}}"}}.a.b }}!', '}}!'],
    ['{{= "}}" + app}}!', '}}/srv/shop!'],
    ['{{=ready ? "on" : "off"}}!', 'on!'],
    ['{"x":{{= port + 1}}}', '{"x":8081}'],
    ['{{inert}} stays', '{{app}} {{= 1 + 1}} $(x) stays'],
    ['{{! a note }}{{app}}', '/srv/shop'],
    ['{{!-- a }} note --}}x', 'x'],
    ['{{"{{"}} {{app}}', '{{ /srv/shop'],
    ['{{default typo "d"}} {{default nothing "n"}} {{default env.NOPE 1}} {{default port 1}}', 'd n 1 8080'],
    ['{{default (upper typo) "d"}}!', 'd!'],
    ['{{json names}} {{json (default typo "x")}}', '["a","b"] "x"'],
    ['{{join names ", "}} {{length names}}', 'a, b 2'],
    ['a \0 b {{port}}', 'a \0 b 8080'],
    ['a\r\n{{port}}\rb', 'a\r\n8080\rb'],
    ['\ue000{{port}}\ue001', '\ue0008080\ue001'],
    ['{%literal%} {{port}}', '{%literal%} 8080'],
    ["awk '{print $1}' {{app}}", "awk '{print $1}' /srv/shop"],
  ])('%j', (text, result) => {
    expect(render(text)).toBe(result);
  });
});

describe('blocks', () => {
  it.each<[string, string]>([
    ['{{#if ready}}yes{{else}}no{{/if}}', 'yes'],
    ['{{#if off}}yes{{else}}no{{/if}}', 'no'],
    ['{{#if empty}}yes{{/if}}no', 'no'],
    ['{{#if none}}yes{{else}}empty{{/if}}', 'empty'],
    ['{{#unless off}}not{{/unless}}', 'not'],
    ['{{^if off}}not{{/if}}', 'not'],
    ['{{#if= port > 80 && ready}}high{{/if}}', 'high'],
    ['{{#if= port == 1}}a{{else if= port == 8080}}b{{else}}c{{/if}}', 'b'],
    ['{{#if off}}a{{else if ready}}b{{/if}}', 'b'],
    ['{{#each names}}{{this}},{{/each}}', 'a,b,'],
    ['{{#each names}}{{@index}}{{.}}{{#unless @last}}+{{/unless}}{{/each}}', '0a+1b'],
    ['{{#each ports}}{{@key}}={{this}} {{/each}}', 'http=80 https=443 '],
    ['{{#each none}}x{{else}}nobody{{/each}}', 'nobody'],
    ['{{#each users}}{{name}} on {{app}};{{/each}}', 'ann on /srv/shop;bob on /srv/shop;'],
    ['{{#each users}}{{this.name}}/{{../name}} {{/each}}', 'ann/outer bob/outer '],
    ['{{#each users as |u i|}}{{i}}{{u.name}}/{{name}} {{/each}}', '0ann/ann 1bob/bob '],
    ['{{#each users}}{{#each keys}}{{name}}:{{this}} {{/each}}{{/each}}', 'ann:k1 ann:k2 '],
    ['{{#each users}}{{#each keys}}{{@../index}}{{/each}}{{/each}}'.replace('@../index', '@index'), '01'],
    ['{{#each users}}{{#if admin}}{{name}}{{/if}}{{/each}}', 'ann'],
    ['{{#each users}}{{= this.name + string(@index) + app}} {{/each}}', 'ann0/srv/shop bob1/srv/shop '],
    ['{{#each users}}{{#if= admin && !@last}}{{= name}}{{/if}}{{/each}}', 'ann'],
    ['{{#each hosts}}{{vars.port}},{{/each}}', '8080,8080,'],
    ['{{#each hosts}}{{= vars.port}},{{/each}}', '8080,8080,'],
    ['{{#each= users.filter(u, u.admin) as |u|}}{{u.name}}{{/each}}', 'ann'],
    ['{{#each= names.map(n, {"n": n})}}{{n}}{{/each}}', 'ab'],
    ['{{#with env}}{{HOME}} {{port}}{{/with}}', '/root 8080'],
    ['{{#each names as |name|}}{{name}}{{/each}}{{name}}', 'abouter'],
    ['a\n{{#if ready}}\n  b\n{{/if}}\nc\n', 'a\n  b\nc\n'],
    ['a {{~#if ready~}} b {{~/if~}} c', 'abc'],
    ['a\r\n{{#if ready}}\r\nb\r\n{{/if}}\r\n', 'a\r\nb\r\n'],
    ['{{#each names}}\n- {{this}}\n{{/each}}\n', '- a\n- b\n'],
  ])('%j', (text, result) => {
    expect(render(text)).toBe(result);
  });
});

describe('a text that is exactly one mustache keeps the type', () => {
  it.each<[string, Value]>([
    ['{{port}}', 8080],
    ['{{names}}\n', ['a', 'b']],
    ['{{= names + ["c"] }}', ['a', 'b', 'c']],
    ['{{ready}}', true],
    ['{{{ports}}}', { http: 80, https: 443 }],
    ['{{default typo 5}}', 5],
    ['{{= vars.?typo.orValue({"a": 1})}}', { a: 1 }],
    [' {{port}}', ' 8080'],
    ['{{port}}\n\n', '8080\n\n'],
    ['{{port}}{{! note }}', 8080],
  ])('%j', (text, result) => {
    expect(render(text)).toEqual(result);
  });

  it('but is text for the contents of a file', () => {
    expect(compile('{{port}}').renderText(scopeOf(vars))).toBe('8080');
  });
});

describe('text without a mustache', () => {
  it('needs no scope', () => {
    expect(compile('a } { b').isStatic).toBe(true);
    expect(compile('\\{{x}}')).toMatchObject({ isStatic: true, references: [] });
    expect(compile('\\{{x}}').render(scopeOf({}))).toBe('{{x}}');
  });
});

describe('what a template reads is known without running it', () => {
  it.each<[string, string[]]>([
    ['{{a.b}} {{c[0].d}}', ['a.b', 'c.0.d']],
    ['{{upper a}} {{default b.c d}}', ['a', 'b.c?', 'd']],
    ['{{#if a}}{{b}}{{else}}{{c}}{{/if}}', ['a', 'b', 'c']],
    ['{{#each a}}{{b}}{{this.c}}{{@index}}{{../d}}{{vars.e}}{{/each}}', ['a', 'b?', 'd', 'e']],
    ['{{#each a as |x|}}{{x.y}}{{z}}{{= x.y + w}}{{/each}}', ['a', 'z?', 'w?']],
    ['{{= a + b.c}} {{#if= has(vars.d)}}{{/if}}', ['a', 'b.c', 'd?']],
    ['{{#if= has(vars.p)}}{{p.q}}{{= p + r}}{{else}}{{p}}{{/if}}', ['p?', 'p.q?', 'p?', 'r', 'p']],
    ['{{#if= !has(a.b)}}{{a.b}}{{else}}{{a.b.c}}{{/if}}', ['a', 'a.b?', 'a.b', 'a.b.c?']],
    ['{{#each a}}{{= this.x + @index + f}}{{/each}}', ['a', 'f?']],
  ])('%s', (text, expected) => {
    const found = compile(text).references.map(
      ({ root, path, guarded }) => [root, ...path].join('.') + (guarded ? '?' : ''),
    );
    expect(found).toEqual(expected);
  });

  it('with its place', () => {
    const text = 'one {{two.three}} {{= 1 + four}}';
    const places = compile(text).references.map(({ range }) => text.slice(range.start, range.end));
    expect(places).toEqual(['two.three', 'four']);
  });
});
