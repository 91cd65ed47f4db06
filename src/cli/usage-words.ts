import { similar } from '../util/similar.ts';

/** Options of ansible-playbook that play says in another way. */
const foreign: Record<string, string> = {
  '-e': 'declare it under "params:" of the playbook and say -p NAME=VALUE, or say --set NAME=VALUE',
  '-b': 'write `become: true` in the play or the task',
  '-C': 'say --check',
  '-D': 'say --diff',
  '--syntax-check': 'say: play lint PLAYBOOK',
  '--list-hosts': 'say: play inventory PATTERN -i INVENTORY',
  '--list-tasks': 'say: play list PLAYBOOK',
  '--list-tags': 'say: play list PLAYBOOK',
  '--ask-vault-pass': 'files are encrypted for keys, not with passwords: play secret --help, then --identity FILE',
  '--start-at-task': 'say --start-at NAME',
  '--flush-cache': 'facts are gathered anew in every run',
};
const sameAs: Record<string, string> = {
  '--extra-vars': '-e',
  '--become': '-b',
  '-J': '--ask-vault-pass',
  '--vault-id': '--ask-vault-pass',
  '--vault-password-file': '--ask-vault-pass',
};

/** What commander says, in the words of people: the command `run` need not be typed, so it is not named. */
export function usageWords(text: string, { argv, commands }: { argv: readonly string[]; commands: string[] }): string {
  const [first = ''] = argv;
  const command = /[./]/.test(first) || commands.includes(first) ? undefined : similar(first, commands);
  const option = /unknown option '([^']+)'/.exec(text)?.[1] ?? '';
  const advice = foreign[sameAs[option] ?? option];
  return text
    .replace("missing required argument 'playbook'", 'no playbook was given: play FILE')
    .replace(
      /too many arguments for '(\w+)'\. Expected 0 arguments but got (\d+)\./,
      (_, name: string, count: string) =>
        `play ${name} takes nothing behind it, ${count === '1' ? '1 word was' : `${count} words were`} given`,
    )
    .replace(/too many arguments for '\w+'\. Expected 1 argument but got (\d+)\./, (_, count: string) =>
      command === undefined
        ? `one playbook at a time, ${count} were given`
        : `there is no command "${first}", did you mean "play ${command}"?`,
    )
    .replace(
      /too many arguments for '\w+'\. Expected (\d+) arguments but got (\d+)\./,
      (_, most: string, count: string) =>
        `${Number(count) - 1} words are behind the playbook, and it takes ${Number(most) - 1}`,
    )
    .replace(/(unknown option '[^']+')\n(?:\(Did you mean .*\n)?/, (all, said: string) =>
      advice === undefined ? all : `${said}\n(${advice})\n`,
    );
}
