import type { Value } from '../../model/value.ts';
import type { PlannedTask } from '../../plan/planned.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { WarningContext } from './context.ts';

/** What is left of a value that is written out: neither a mustache, nor a variable of the shell, nor a file that is read. */
const WRITTEN = String.raw`(?!["']?(?:\{\{|\$|<|@|\*\*\*))["']?[^\s"'|;&]+`;

/** Secrets as they stand in command lines, by their form. */
const FORMS: readonly (readonly [what: string, form: RegExp])[] = [
  [
    'a password',
    new RegExp(String.raw`(?:^|\s)--?(?:[\w-]*-)?(?:password|passwd|passphrase|pass)(?:=|\s+)(?!-)${WRITTEN}`, 'i'),
  ],
  [
    'a secret',
    new RegExp(String.raw`(?:^|\s)--?(?:[\w-]*-)?(?:secret|token|api-?key|secret-key)(?:=|\s+)(?!-)${WRITTEN}`, 'i'),
  ],
  [
    'a secret',
    new RegExp(String.raw`(?:^|[\s;&|])(?:\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)|(?:\w*_)?PASS)=${WRITTEN}`),
  ],
  ['a password', new RegExp(String.raw`\b(?:mysql\w*|mariadb\S*)\s(?:[^|;&]*\s)?-p${WRITTEN}`)],
  ['a password', new RegExp(String.raw`\bsshpass\s+-p\s*${WRITTEN}`)],
  ['a password', /\b(?:curl|wget)\s(?:[^|;&]*\s)?(?:-u|--user)[\s=]+["']?[^\s:"'{$]+:(?!\{\{|\$)[^\s"']+/],
  ['a password', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@{}"']+:(?!\{\{|\$)[^\s/@{}"']+@/i],
  ['an access key of AWS', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a token of GitHub', /\bgh[pousr]_[A-Za-z0-9]{36,}\b/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
];

/** What every form has in it: looked for first, because compiling all of them takes 3 ms. */
const MAYBE = /pass|secret|token|key|mysql|maria|curl|wget|:\/\/|akia|asia|gh[pousr]_/i;

/** Secrets that stand in the text of commands. The lines are not shown. */
export function findSecretsInCommands({ plan }: WarningContext): Problem[] {
  const tasks = plan.plays.flatMap(({ tasks, handlers }) => [...tasks, ...handlers]);
  return tasks.flatMap((planned) =>
    ['shell', 'command', 'script'].includes(planned.task.module) ? inTask(planned) : [],
  );
}

function inTask({ task: { args } }: PlannedTask): Problem[] {
  return Object.entries(args.value).flatMap(([name, value]) => {
    const what = secretIn(textOf(value));
    if (what === undefined) return [];
    return [{ ...problem('W_SECRET_IN_COMMAND', { what }, args.locate([name])), hidesLine: true }];
  });
}

function textOf(value: Value): string {
  return Array.isArray(value) ? value.map(String).join(' ') : String(value);
}

/** The kind of secret that a command line holds, if any. */
function secretIn(text: string): string | undefined {
  return MAYBE.test(text) ? FORMS.find(([, form]) => form.test(text))?.[0] : undefined;
}
