import { describe, expect, it } from 'vitest';
import { loadExpressions } from '../../src/expr/load.ts';
import { compileShell } from '../../src/template/shell/compile-shell.ts';
import { scopeOf } from '../expr/told.ts';

const expressions = await loadExpressions();
const scope = scopeOf({
  x: "it's",
  dir: '/srv',
  n: 3,
  neg: -3,
  text: '12',
  list: ['a', 'b c'],
  none: [],
  yes: true,
  raw: 'ls | wc -l',
  map: { a: 1 },
  users: [{ name: 'ann' }, { name: 'bob' }],
});

function render(text: string): { text: string; assign: Record<string, string> } {
  const { shell, problems } = compileShell(text, { file: 'x', start: 0, end: text.length }, { expressions });
  expect(problems).toEqual([]);
  if (!shell) throw new Error('not compiled');
  return shell.render(scope);
}

describe('a value becomes a reference to a variable', () => {
  it.each<[string, string, Record<string, string>]>([
    ['ls {{dir}}', 'ls "$__p1"', { __p1: '/srv' }],
    ['ls "{{dir}}/a"', 'ls "${__p1}/a"', { __p1: '/srv' }],
    ["ls '{{dir}}/a'", `ls ''"$__p1"'/a'`, { __p1: '/srv' }],
    ['ls {{dir}}/a {{dir}} {{x}}', 'ls "$__p1"/a "$__p1" "$__p2"', { __p1: '/srv', __p2: "it's" }],
    ["printf $'a\\'{{x}}'", `printf $'a\\''"$__p1"$''`, { __p1: "it's" }],
    ['echo $(( {{n}} + 1 ))', 'echo $(( ${__p1} + 1 ))', { __p1: '3' }],
    ['echo $((5-{{neg}}))', 'echo $((5-(${__p1})))', { __p1: '-3' }],
    ['echo $(( $(cat {{x}}) + {{text}} ))', 'echo $(( $(cat "$__p1") + ${__p2} ))', { __p1: "it's", __p2: '12' }],
    ['[[ {{n}} -eq "$y" ]]', '[[ "$__p1" -eq "$y" ]]', { __p1: '3' }],
    ['[ "$y" -gt "{{n}}" ]', '[ "$y" -gt "${__p1}" ]', { __p1: '3' }],
    ['[ {{x}} = "$y" ] && [ 1 -lt 2 ]', '[ "$__p1" = "$y" ] && [ 1 -lt 2 ]', { __p1: "it's" }],
    ['echo ${a[{{n}}]} ${s:{{n}}:2}', 'echo ${a[${__p1}]} ${s:${__p1}:2}', { __p1: '3' }],
    ['a[{{n}}]={{x}}', 'a[${__p1}]="$__p2"', { __p1: '3', __p2: "it's" }],
    ['(( i = {{n}} ))', '(( i = ${__p1} ))', { __p1: '3' }],
    ['for ((i=0; i<{{n}}; i++)); do :; done', 'for ((i=0; i<${__p1}; i++)); do :; done', { __p1: '3' }],
    ['echo ${y:-{{x}}} "${y:-{{x}}}"', 'echo ${y:-"$__p1"} "${y:-${__p1}}"', { __p1: "it's" }],
    ['echo "${y#{{x}}}"', 'echo "${y#"$__p1"}"', { __p1: "it's" }],
    ['echo ${#y} $# {{x}} # {{x}} {{list}}', 'echo ${#y} $# "$__p1" #  ', { __p1: "it's" }],
    [
      'cat <<EOF\n{{x}} "{{x}}" $(ls {{x}})\nEOF\n',
      'cat <<EOF\n${__p1} "${__p1}" $(ls "$__p1")\nEOF\n',
      { __p1: "it's" },
    ],
    [
      "cat <<'EOF' | ls {{x}}\n{{x}} $x\nEOF\nls {{x}}",
      `cat <<'EOF' | ls "$__p1"\nit's $x\nEOF\nls "$__p1"`,
      { __p1: "it's" },
    ],
    ['cat <<< {{x}}', 'cat <<< "$__p1"', { __p1: "it's" }],
    ['echo "$$ $? {{x}}"', 'echo "$$ $? ${__p1}"', { __p1: "it's" }],
    ['echo {{list}}', 'echo "$__p1" "$__p2"', { __p1: 'a', __p2: 'b c' }],
    ['for i in {{list}}; do echo $i; done', 'for i in "$__p1" "$__p2"; do echo $i; done', { __p1: 'a', __p2: 'b c' }],
    ['echo {{none}} x', 'echo  x', {}],
    ['echo {{yes}} {{n}} {{json map}}', 'echo "$__p1" "$__p2" "$__p3"', { __p1: 'true', __p2: '3', __p3: '{"a":1}' }],
    ['echo {{= dir + "/x" }}', 'echo "$__p1"', { __p1: '/srv/x' }],
    ['{{{raw}}} {{x}}', 'ls | wc -l "$__p1"', { __p1: "it's" }],
    ['"{{{raw}}} {{x}}"', '"ls | wc -l ${__p1}"', { __p1: "it's" }],
    ['{{#if yes}}echo "{{x}}{{else}}echo \'{{/if}}"', 'echo "${__p1}"', { __p1: "it's" }],
    ['{{#each users}}add {{name}};{{/each}}', 'add "$__p1";add "$__p2";', { __p1: 'ann', __p2: 'bob' }],
    ["docker ps --format '\\{{.Names}}' {{x}}", `docker ps --format '{{.Names}}' "$__p1"`, { __p1: "it's" }],
    ['case $y in a) ls {{x}};; esac', 'case $y in a) ls "$__p1";; esac', { __p1: "it's" }],
    ['x="$(case $y in a) ls {{x}};; esac) {{x}}"', 'x="$(case $y in a) ls "$__p1";; esac) ${__p1}"', { __p1: "it's" }],
    ['x=`echo \\`ls {{x}}\\``', 'x=`echo \\`ls "$__p1"\\``', { __p1: "it's" }],
    ['echo a#{{x}}', 'echo a#"$__p1"', { __p1: "it's" }],
    ['ls', 'ls', {}],
    ['export A={{x}}; printf %s {{x}} -v', 'export A="$__p1"; printf %s "$__p1" -v', { __p1: "it's" }],
    ['read -p {{x}} y', 'read -p "$__p1" y', { __p1: "it's" }],
    ['let i={{n}}+1', 'let i="$__p1"+1', { __p1: '3' }],
  ])('%j', (source, text, assign) => {
    expect(render(source)).toEqual({ text, assign });
  });
});

describe('a shell text', () => {
  it('tells what it reads', () => {
    const text = 'echo {{a.b}} "{{= c }}"';
    const { shell } = compileShell(text, { file: 'x', start: 0, end: text.length }, { expressions });
    expect(shell?.references.map(({ root, path }) => [root, ...path].join('.'))).toEqual(['a.b', 'c']);
  });

  it.each(['/bin/bash', '/usr/bin/env bash', 'sh', '/usr/bin/zsh -f'])('may hold values for %s', (executable) => {
    const at = { file: 'x', start: 0, end: 9 };
    expect(compileShell('echo {{x}}', at, { executable }).problems).toEqual([]);
    expect(compileShell('print(1)', at, { executable: '/usr/bin/python3' }).problems).toEqual([]);
  });
});
