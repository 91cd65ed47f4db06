import { words } from './entry.ts';

/** How a value reaches a program that is written inside shell text. */
const NESTED: Readonly<Record<string, string>> = {
  awk: "hand it over as a variable: awk -v x=VALUE '… x …'",
  jq: "hand it over as a variable: jq --arg x VALUE '… $x …'",
  psql: "hand it over as a variable: psql -v x=VALUE, and read it as :'x'",
  ssh: 'give that host a task of its own: delegate_to, or a play',
  su: 'let play change the user: become: true, become_user: …',
  sed: 'use the module replace or lineinfile, which takes the value as it is',
  eval: 'leave "eval" out: what it would read once more is the value',
};

/** What is allowed and probably not meant: told by `play lint`, and never in the way of a run. */
export const warningWords = {
  W_SHELL_RAW: words<{ path: string }>({
    exit: 0,
    say: (f) => `{{{${f.path}}}} becomes part of the shell text itself: whoever sets the value can run any command`,
    hint: (f) => `write {{${f.path}}}, which the shell never reads as text`,
  }),
  W_SHELL_NESTED: words<{ path: string; program: string }>({
    exit: 0,
    say: (f) => `"${f.program}" reads this text as a program of its own, and the value of {{${f.path}}} with it`,
    hint: (f) => {
      const shell = /^(?:|ba|da|a|k|z)sh$/.test(f.program);
      if (shell)
        return `hand it over as an argument, which is not read again: ${f.program} -c '… "$1" …' x {{${f.path}}}`;
      return (
        NESTED[f.program]?.replace('VALUE', `{{${f.path}}}`) ??
        'hand it over as an argument, through "env" or on standard input'
      );
    },
  }),
  W_SECRET_IN_COMMAND: words<{ what: string }>({
    exit: 0,
    say: (f) =>
      `${f.what} stands in the text of a command, where whoever reads the playbook, a list of processes or a log sees it`,
    hint: () => 'declare a parameter of the type secret, and hand it over through "env" or "stdin"',
  }),
  W_SECRET_LITERAL: words<{ name: string }>({
    exit: 0,
    say: (f) => `"${f.name}" looks like a secret, and its value stands in the file`,
    hint: (f) => `declare it instead: params: { ${f.name}: { type: secret } }, and read params.${f.name}`,
  }),
  W_HANDLER_UNUSED: words<{ name: string }>({
    exit: 0,
    say: (f) => `nothing notifies the handler "${f.name}"`,
    hint: () => 'add "notify" to the tasks it belongs to, or delete it',
  }),
  W_TASK_SKIPPED: words<{ condition: string | undefined; hosts: number }>({
    exit: 0,
    say: (f) =>
      `this never runs: ${f.condition === undefined ? 'not all of its conditions hold' : `"when" does not hold`} on ${f.hosts === 1 ? 'the only host' : `any of the ${f.hosts} hosts`}`,
    hint: () => 'delete it, or correct the condition or the variables that it reads',
  }),
  W_TASK_UNREACHABLE: words<{ after: string }>({
    exit: 0,
    say: (f) => `this never runs: the task before it, "${f.after}", always ends the play`,
    hint: (f) => `give "${f.after}" a "when", or delete what follows`,
  }),
  W_NO_BARRIER: words<{ name: string }>({
    exit: 0,
    say: (f) => `this looks at other hosts (${f.name}), which may not have come as far: each host runs at its own pace`,
    hint: () => 'add "barrier: true" here to wait until all have passed the task before',
  }),
  W_FILE_WRITTEN_TWICE: words<{ path: string; other: string }>({
    exit: 0,
    say: (f) => `"${f.path}" is also written by "${f.other}", with other content: every run changes it twice`,
    hint: () => 'let one task write it, or give their conditions no host in common',
  }),
  W_VARIABLE_TWICE: words<{ name: string; winner: string; loser: string; hosts: string[] }>({
    exit: 0,
    say: (f) =>
      `"${f.name}" has different values in ${f.loser} and ${f.winner}, which are equally strong; on ${f.hosts.slice(0, 5).join(', ')}${f.hosts.length > 5 ? ` and ${f.hosts.length - 5} more` : ''} that of ${f.winner} wins`,
    hint: () => 'set it for these hosts themselves, or in only one of the two groups',
  }),
};
