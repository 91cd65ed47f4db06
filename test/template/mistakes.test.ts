import { describe, expect, it } from 'vitest';
import { isScalar, parseDocument } from 'yaml';
import { loadExpressions } from '../../src/expr/load.ts';
import { compileTemplate } from '../../src/template/template.ts';
import { scopeOf, thrownBy, told } from '../expr/told.ts';

const expressions = await loadExpressions();
const scope = scopeOf({
  app: '/srv',
  port: 80,
  ready: true,
  nothing: null,
  names: ['a', 'b'],
  env: { HOME: '/root', SHELL: '/bin/sh' },
  users: [{ name: 'ann' }, { nmae: 'bob' }],
  version: '1.2',
});

/** Text as an author writes it, wrong. The screens are in golden/mistakes.txt. */
const texts = [
  'x {{app',
  'x {{= app + "}}"',
  '{{}}',
  '{{#if ready}} x',
  '{{#if ready}} {{#each names}} {{/if}}',
  'x {{/if}}',
  'a {{else}} b',
  '{{#if= ready && }}x{{/if}}',
  '{{#if= port + 1}}x{{/if}}',
  '{{#if= port}}x{{/if}}',
  '{{#if}}x{{/if}}',
  '{{#if ready port}}x{{/if}}',
  '{{#foreach names}}x{{/foreach}}',
  '{{ap}}/current',
  '{{env.HOMR}}',
  '{{nothing}}',
  '{{nothing.x}}',
  '{{env.HOME.x}}',
  '{{names[7]}}',
  '{{#if typo}}x{{/if}}',
  '{{#if nothing}}x{{/if}}',
  '{{#each typo}}x{{/each}}',
  '{{#each port}}x{{/each}}',
  '{{upper typo}}',
  '{{upper names}}',
  '{{uper app}}',
  '{{dict2item app}}',
  '{{b64_encode app}}',
  '{{to_nice_json app}}',
  '{{ipaddr app}}',
  '{{frobnicate app}}',
  '{{date app}}',
  '{{indent app "2"}}',
  '{{pad_left app "x" 3}}',
  '{{upper (split app "/")}}',
  '{{join (upper app)}}',
  '{{matches app "("}}',
  '{{regex_replace app "(a)" "\\2"}}',
  '{{from_json app}}',
  '{{int version}}',
  '{{round app}}',
  '{{cidr_hosts "10.0.0.0/8"}}',
  '{{urlsplit app}}',
  '{{env "HOME"}}',
  '{{sort names "yes"}}',
  '{{default}}',
  '{{format "%d" app}}',
  '{{upper}}',
  '{{upper app port}}',
  '{{join names, ", "}}',
  '{{replace app}}',
  '{{json app indent=2}}',
  'x {{names}}',
  'x {{env}}',
  '{{#each users}}{{name}} {{/each}}',
  '{{#each users}}{{= this.name}} {{/each}}',
  '{{this}}',
  '{{@index}}',
  '{{= @index + 1}}',
  '{{@root.app}}',
  '{{../app}}',
  '{{= app + port}}!',
  '{{= ap}}!',
  '{{= package}}!',
  '{{> partial}}',
  '{{*decorate x}}',
  '{{{{raw}}}} x {{{{/raw}}}}',
  '{{&app}}',
  '{{app | upper}}',
  "{{ app | default('/srv') }}",
  '{{ names | join(", ") | upper }}',
  '{{ port is defined }}',
  "{{ 'a' if ready else 'b' }}",
  '{{ port + 1 }}',
  '{{ port == 80 }}',
  '{{#if port == 80}}x{{/if}}',
  '{{#if ready and port}}x{{/if}}',
  '{{#if ready}}a{{else if port > 1}}b{{/if}}',
  '{{ app.lower() }}',
  '{{ users[index].name }}',
  '{% if ready %}x{% endif %}',
  '{% for n in names %}{{n}}{% endfor %}',
  "docker ps --format '{{.Names}}'",
  '{{range .Items}}{{.metadata.name}}{{end}}',
  "docker inspect --format '{{json .}}' x",
  '{{null}}',
  '{{a..b}}',
  '{{app port"}}',
  '{{a.this}}',
  '{{app}} {{ap}} {{evn}}',
  '{{uper app}} {{#if}}{{/if}} {{> x}}',
];

describe('wrong text is explained', () => {
  const screen = (text: string): string => {
    const { template, problems } = compileTemplate(text, { file: 'x', start: 0, end: text.length }, { expressions });
    return told(problems.length > 0 ? problems : thrownBy(() => template?.render(scope)), text);
  };

  it.each(texts)('%j', (text) => expect(screen(text)).not.toBe(''));

  it('on these screens', async () => {
    await expect(`${texts.map(screen).join('\n\n')}\n`).toMatchFileSnapshot('golden/mistakes.txt');
  });
});

describe('text that is too deep is refused, not a crash', () => {
  it.each([
    ['blocks', '{{#if ready}}'.repeat(5000) + '{{/if}}'.repeat(5000)],
    ['parentheses', `{{= ${'('.repeat(5000)}1${')'.repeat(5000)}}}`],
    ['a chain', `{{= 1${' + 1'.repeat(5000)}}}`],
  ])('%s', (_, text) => {
    const { problems } = compileTemplate(text, { file: 'x', start: 0, end: text.length }, { expressions });
    expect(problems).toHaveLength(1);
  });
});

describe('the place is right in the file that holds the text', () => {
  const files: Record<string, string> = {
    plain: 'dest: {{ap}}/x\n'.replace('{{ap}}', 'a/{{ap}}'),
    'double quotes with escapes': 'dest: "\\ttab \\"q\\" {{ap}}"\n',
    'single quotes': "dest: 'it''s {{ap}}'\n",
    'a block': 'dest: |\n    first\n    second {{ap}} x\n',
    'a folded block': 'dest: >-\n  first\n  second {{ap}} x\n',
    'an expression in a block': 'dest: |\n    first\n    second {{= 1 + ap}} x\n',
    'a parse error in a block': 'dest: |\n    {{#if app}}\n    second {{app ap,}} x\n    {{/if}}\n',
    'an unclosed block': 'dest: |\n    first\n    {{#each ap}}\n    x\n',
  };

  it.each(Object.entries(files))('%s', (name, yaml) => {
    const node = parseDocument(yaml).get('dest', true);
    if (!isScalar(node) || !node.range) throw new Error('not a scalar');
    const at = { file: 'site.yml', start: node.range[0], end: node.range[1] };
    const { template, problems } = compileTemplate(String(node.value), at, {
      expressions,
      sources: new Map([['site.yml', yaml]]),
    });
    const [first] = problems.length > 0 ? problems : thrownBy(() => template?.render(scope));
    const marked = yaml.slice(first?.at?.start, first?.at?.end);
    expect(marked).toBe(
      name === 'an unclosed block' ? '{{#each ap}}' : name === 'a parse error in a block' ? ',' : 'ap',
    );
  });
});
