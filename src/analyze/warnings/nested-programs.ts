import type { PlannedTask } from '../../plan/planned.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { WarningContext } from './context.ts';
import { commandsIn, type ShellWord } from './shell-words.ts';

/** Values in shell text that something reads as a program all the same: raw ones, and those in the text for another interpreter. */
export function findNestedPrograms({ plan }: WarningContext): Problem[] {
  const tasks = plan.plays.flatMap(({ tasks, handlers }) => [...tasks, ...handlers]);
  return tasks.flatMap((planned) => planned.params.flatMap((param) => inParam(planned, param)));
}

function inParam({ readings, task }: PlannedTask, param: PlannedTask['params'][number]): Problem[] {
  if (param.kind !== 'shell' && param.kind !== 'words') return [];
  const text = String(param.written);
  const places = param.kind === 'shell' ? param.shell.references : param.words.references;
  if (places.length === 0 || !readings.some(({ source }) => source === text)) return [];
  const programs = INTERPRETERS.test(text) ? commandsIn(text).flatMap(programsOf) : [];
  return places.flatMap(({ root, path, range, at }) => {
    const written = [root, ...path].join('.');
    if (param.kind === 'shell' && isRaw(text, range.start)) return [problem('W_SHELL_RAW', { path: written }, at)];
    const nested = programs.find(({ word }) => word.start <= range.start && range.end <= word.end);
    if (!nested) return [];
    return [
      problem(
        'W_SHELL_NESTED',
        { path: written, program: nested.name },
        task.args.value[param.name] === text ? at : task.args.locate(),
      ),
    ];
  });
}

function isRaw(text: string, at: number): boolean {
  const open = text.lastIndexOf('{{', at);
  return open > 0 && text[open - 1] === '{';
}

/** A word of a command that is a program, and what reads it. */
interface Program {
  name: string;
  word: ShellWord;
}

/** Interpreters by the option that comes before the program. */
const BEFORE_PROGRAM: Readonly<Record<string, RegExp>> = {
  sh: /^-\w*c$/,
  bash: /^-\w*c$/,
  dash: /^-\w*c$/,
  ash: /^-\w*c$/,
  ksh: /^-\w*c$/,
  zsh: /^-\w*c$/,
  su: /^(?:-\w*c|--command)$/,
  python: /^-\w*c$/,
  python3: /^-\w*c$/,
  perl: /^-\w*[eE]$/,
  ruby: /^-\w*e$/,
  node: /^(?:-e|-p|--eval)$/,
  php: /^-r$/,
  psql: /^(?:-c|--command)$/,
  mysql: /^(?:-e|--execute)$/,
  sqlite3: /^-cmd$/,
};

/** Interpreters whose program is the first word that is no option, with the options that take a word of their own. */
const FIRST_WORD: Readonly<Record<string, RegExp>> = {
  awk: /^-[vF]$/,
  gawk: /^-[vF]$/,
  mawk: /^-[vF]$/,
  sed: /^-l$/,
  jq: /^--(?:indent|tab|L)$/,
};

/** Options of ssh(1) that take a word of their own. */
const SSH_OPTIONS = /^-[BbcDEeFIiJLlmOopQRSWw]$/;

/** Most texts name none of them, and need not be taken apart. */
const INTERPRETERS = new RegExp(
  `\\b(?:eval|ssh|${[...Object.keys(BEFORE_PROGRAM), ...Object.keys(FIRST_WORD)].join('|')})\\b`,
);

function programsOf(words: readonly ShellWord[]): Program[] {
  return words.flatMap(({ text }, index): Program[] => {
    const name = text.slice(text.lastIndexOf('/') + 1);
    const rest = words.slice(index + 1);
    const isFirst = words.slice(0, index).every(({ text: before }) => WRAPPERS.test(before));
    if (name === 'eval' && isFirst) return rest.map((word) => ({ name, word }));
    if (name === 'ssh' && isFirst)
      return operands(rest, SSH_OPTIONS)
        .slice(1)
        .map((word) => ({ name, word }));
    const option = Object.hasOwn(BEFORE_PROGRAM, name) ? BEFORE_PROGRAM[name] : undefined;
    if (option) {
      const at = rest.findIndex((word) => option.test(word.text));
      const word = at < 0 ? undefined : rest[at + 1];
      return word ? [{ name, word }] : [];
    }
    const taking = Object.hasOwn(FIRST_WORD, name) && isFirst ? FIRST_WORD[name] : undefined;
    if (!taking) return [];
    const explicit =
      name === 'sed' ? rest.filter((_, i) => /^(?:-\w*e|--expression)$/.test(rest[i - 1]?.text ?? '')) : [];
    if (explicit.length > 0) return explicit.map((word) => ({ name, word }));
    // The program is in a file.
    if (rest.some((word) => /^(?:-f|--file|--from-file)$/.test(word.text))) return [];
    if (name === 'jq') return jqProgram(rest).map((word) => ({ name, word }));
    return operands(rest, taking)
      .slice(0, 1)
      .map((word) => ({ name: name.endsWith('awk') ? 'awk' : name, word }));
  });
}

/** Words that may come before a command: assignments, and commands that run another. */
const WRAPPERS = /^(?:\w+=.*|sudo|doas|env|nohup|exec|command|time|nice|xargs|-\w+|then|do|else|if|while|!)$/s;

function operands(words: readonly ShellWord[], taking: RegExp): ShellWord[] {
  return words.filter(({ text }, i) => !text.startsWith('-') && !taking.test(words[i - 1]?.text ?? ''));
}

/** `--arg NAME VALUE` takes two words. */
function jqProgram(words: readonly ShellWord[]): ShellWord[] {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (/^--(?:arg|argjson|slurpfile|rawfile)$/.test(word.text)) i += 2;
    else if (!word.text.startsWith('-')) return [word];
  }
  return [];
}
