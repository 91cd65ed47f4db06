import { didYouMean, words } from './entry.ts';

/** Mistakes on the command line, and what becomes of files that it names. */
export const cliWords = {
  E_COMMAND_UNKNOWN: words<{ name: string; names: string[]; similar: string | undefined }>({
    exit: 2,
    say: (f) => `the playbook has no command "${f.name}"`,
    hint: (f) => didYouMean(f.similar) ?? `it has ${f.names.join(', ')}`,
  }),
  E_SET_PAIR: words<{ text: string }>({
    exit: 2,
    say: (f) => `--set needs NAME=VALUE or @FILE, not "${f.text.slice(0, 40)}"`,
  }),
  E_SET_VALUE: words<{ name: string; reason: string }>({
    exit: 2,
    say: (f) => `--set ${f.name}: ${f.reason}`,
    hint: () => "write a list or mapping as in YAML: --set 'ports=[80, 443]'",
  }),
  E_SET_FILE: words<{ path: string; reason: string }>({
    exit: 2,
    say: (f) => `--set @${f.path}: ${f.reason}`,
    hint: () => 'it is a YAML or JSON file with a mapping of variables',
  }),
  E_SET_GIVEN: words<{ name: string }>({
    exit: 2,
    say: (f) => `--set ${f.name}: a task gives "${f.name}" its value`,
    hint: () => 'what the task gives would never be seen; set another name',
  }),
  E_SET_UNUSED: words<{ name: string; similar: string | undefined }>({
    exit: 2,
    say: (f) => `--set ${f.name}: nothing reads "${f.name}"`,
    hint: (f) => didYouMean(f.similar) ?? 'a parameter is given as a flag, or with -p',
  }),
  E_TAG_UNKNOWN: words<{ option: string; name: string; similar: string | undefined; tags: string[] }>({
    exit: 2,
    say: (f) => `${f.option} ${f.name}: no task has this tag`,
    hint: (f) =>
      didYouMean(f.similar) ??
      (f.tags.length > 0 ? `the tags are ${f.tags.join(', ')}` : 'no task of this playbook has a tag'),
  }),
  E_STEP_NO_TERMINAL: words<object>({
    exit: 2,
    say: () => '--step asks before each task, and there is no terminal to ask on',
    hint: () => 'run play from a terminal, or leave --step out',
  }),
  E_START_UNKNOWN: words<{ name: string; similar: string | undefined }>({
    exit: 2,
    say: (f) => `--start-at "${f.name}": no task has this name`,
    hint: (f) => didYouMean(f.similar) ?? 'names are as written in the playbook; a handler is no place to start at',
  }),
  E_LIMIT_NO_HOSTS: words<{ limit: string; patterns: string[] }>({
    exit: 2,
    say: (f) => `--limit ${f.limit} leaves no host of this playbook`,
    hint: (f) => `its plays are for ${f.patterns.map((pattern) => `"${pattern}"`).join(', ')}`,
  }),
  E_LEFT_BEHIND: words<object>({
    exit: 5,
    say: () => 'it was still running when play was stopped for good; it may go on, and nobody knows how it ends',
    hint: () => 'look at the host before you run it again',
  }),
  E_WHY_HOST: words<{ host: string | undefined; similar: string | undefined; hosts: string[] }>({
    exit: 2,
    say: (f) => (f.host === undefined ? 'say on which host: --host NAME' : `there is no host "${f.host}" here`),
    hint: (f) =>
      didYouMean(f.similar) ?? (f.hosts.length > 0 ? `for example ${f.hosts.slice(0, 5).join(', ')}` : undefined),
  }),
  E_WHY_TASK: words<{ task: string; host: string; similar: string | undefined }>({
    exit: 2,
    say: (f) => `no task "${f.task}" runs on ${f.host}`,
    hint: (f) => didYouMean(f.similar) ?? 'give its name or its id, as `play show` has it: --task 0/3',
  }),
  E_WHY_UNKNOWN: words<{ name: string; host: string; similar: string | undefined }>({
    exit: 2,
    say: (f) => `nothing gives "${f.name}" a value on ${f.host}`,
    hint: (f) => didYouMean(f.similar) ?? 'for what a role or a block gives, name a task in it: --task NAME',
  }),
  E_FIX_NOT_WRITTEN: words<{ path: string; reason: string }>({
    exit: 9,
    say: (f) => `${f.path} could not be mended: ${f.reason}`,
  }),
  E_LOG_SINK: words<{ sink: string; reason: string }>({
    exit: 2,
    say: (f) => `the log cannot go to ${f.sink}: ${f.reason}`,
  }),
  E_LOG_LOST: words<{ sink: string; reason: string }>({
    exit: 13,
    say: (f) => `the log is not complete: ${f.sink}: ${f.reason}`,
    hint: () => 'the run itself is recorded whole: see `play show`',
  }),
  E_REPORT_LOST: words<{ way: string; reason: string }>({
    exit: 13,
    say: (f) => `the report was not sent by ${f.way}: ${f.reason}`,
    hint: () => 'what the run did on its hosts stands: see `play show`',
  }),
  E_OUTPUT_LOST: words<{ path: string; reason: string }>({
    exit: 9,
    say: (f) => `${f.path} is not complete: ${f.reason}`,
    hint: () => 'the run itself is recorded whole: see `play show`',
  }),
};
