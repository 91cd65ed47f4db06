import { describe, expect, it } from 'vitest';
import { compileWords } from '../../src/template/shell/compile-words.ts';
import { scopeOf } from '../expr/told.ts';

const scope = scopeOf({ x: "a b'c", list: ['one', 'two words'], none: [], n: 3, raw: 'x "y z"', yes: true });

describe('a command is split into words before values are put in', () => {
  it.each<[string, string[]]>([
    ['ls -l /tmp', ['ls', '-l', '/tmp']],
    ['  ls\n  -l\t/tmp\n', ['ls', '-l', '/tmp']],
    ['echo {{x}}', ['echo', "a b'c"]],
    ['echo pre{{x}}post', ['echo', "prea b'cpost"]],
    ['echo "{{x}} {{n}}"', ['echo', "a b'c 3"]],
    ["echo '{{x}}' ''", ['echo', "a b'c", '']],
    ['run {{list}} end', ['run', 'one', 'two words', 'end']],
    ['run {{none}} end', ['run', 'end']],
    ['{{list}}', ['one', 'two words']],
    ['echo $HOME ~ *.txt `ls` $(ls) | > x', ['echo', '$HOME', '~', '*.txt', '`ls`', '$(ls)', '|', '>', 'x']],
    ['echo a\\ b "c\\"d" "e\\f" \'g\\h\'', ['echo', 'a b', 'c"d', 'e\\f', 'g\\h']],
    ['echo a\\\n  b', ['echo', 'a', 'b']],
    ['echo {{{raw}}}', ['echo', 'x', 'y z']],
    ['echo {{#if yes}}-v {{x}}{{/if}}', ['echo', '-v', "a b'c"]],
    ["git log --format='%h {{n}}'", ['git', 'log', '--format=%h 3']],
  ])('%j', (text, argv) => {
    const { words, problems } = compileWords(text, { file: 'x', start: 0, end: text.length });
    expect(problems).toEqual([]);
    expect(words?.render(scope)).toEqual({ argv });
  });
});
