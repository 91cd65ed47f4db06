import { describe, expect, it } from 'vitest';
import { compileShell } from '../../src/template/shell/compile-shell.ts';
import { compileWords } from '../../src/template/shell/compile-words.ts';
import { scopeOf, thrownBy, told } from '../expr/told.ts';

const scope = scopeOf({
  x: 'a[$(touch pwned)]',
  cmd: 'ls -l',
  n: 3,
  nul: 'a\0b',
  eof: 'a\nEOF\nb',
  half: 'EO',
  tabs: 'a\n\tb',
  list: ['a', 'b'],
  deep: [['a']],
  map: { a: 1 },
});

const shellTexts = [
  '{{cmd}}',
  ' {{cmd}}\n',
  'echo {{map}}',
  'echo {{deep}}',
  'echo "{{list}}"',
  "echo '{{list}}'",
  'echo --x={{list}}',
  'echo {{list}}.txt',
  'cat <<EOF\n{{list}}\nEOF',
  'echo $(( {{x}} ))',
  'echo "$(( {{x}} ))"',
  '(( i = {{x}} ))',
  '[[ {{x}} -eq 1 ]]',
  '[[ 1 -ge "{{x}}" ]]',
  '[ {{x}} -eq 1 ]',
  'test 1 -lt {{x}}',
  'if [[ -f y && {{x}} -ne 2 ]]; then :; fi',
  'let i={{x}}',
  'unset {{x}}',
  'read -r "{{x}}"',
  'printf -v {{x}} 1',
  '[[ -v {{x}} ]]',
  'declare {{x}}=1',
  'echo ${a[{{x}}]}',
  'echo ${y:{{x}}}',
  'a[{{x}}]=1',
  'echo $[ {{x}} ]',
  "cat <<'EOF'\n{{eof}}\nEOF",
  "cat <<'EOF'\n{{half}}F\nEOF",
  "cat <<-'EOF'\n\t{{tabs}}\n\tEOF",
  "echo `cat <<'EOF'\n{{n}}\nEOF\n`",
  'cat <<{{x}}\na\n{{x}}',
  'echo "${{x}}"',
  'echo ${{x}}',
  'cat <<EOF\n${{x}}\nEOF',
  'echo \\\\{{x}}',
  'echo "\\\\{{x}}"',
  'echo {{nul}}',
  'echo {{typo}} "{{n}}"',
];

const commands = [
  '',
  'echo "open',
  "echo {{n}} 'open",
  'echo {{map}}',
  'echo "{{list}}"',
  'echo x{{list}}',
  'echo {{deep}}',
  'echo {{nul}}',
  'echo {{tpyo}}',
];

describe('a value that cannot stand where it does is explained', () => {
  const screen = (text: string): string => {
    const { shell, problems } = compileShell(text, { file: 'x', start: 0, end: text.length });
    return told(problems.length > 0 ? problems : thrownBy(() => shell?.render(scope)), text);
  };
  const commandScreen = (text: string): string => {
    const { words, problems } = compileWords(text, { file: 'x', start: 0, end: text.length });
    return told(problems.length > 0 ? problems : thrownBy(() => words?.render(scope)), text);
  };

  it.each(shellTexts)('shell: %j', (text) => expect(screen(text)).not.toBe(''));
  it.each(commands)('command: %j', (text) => expect(commandScreen(text)).not.toBe(''));

  it('on these screens', async () => {
    const screens = [...shellTexts.map(screen), ...commands.map(commandScreen)];
    await expect(`${screens.join('\n\n')}\n`).toMatchFileSnapshot('golden/shell-mistakes.txt');
  });

  it('when it stands deeper than anybody writes', () => {
    const text = `echo ${'$('.repeat(5000)}{{x}}`;
    const { problems } = compileShell(text, { file: 'x', start: 0, end: text.length });
    expect(problems.map((problem) => problem.code)).toEqual(['E_SHELL_PLACE']);
  });

  it('when the program that reads the text is not a shell', () => {
    const text = 'print({{x}})';
    const at = { file: 'x', start: 0, end: text.length };
    expect(compileShell(text, at, { executable: '/usr/bin/python3' }).problems[0]?.code).toBe('E_SHELL_EXECUTABLE');
  });
});
