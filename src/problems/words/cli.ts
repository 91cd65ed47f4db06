import { didYouMean, words } from './entry.ts';

/** Mistakes on the command line, and what becomes of files that it names. */
export const cliWords = {
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
  E_OUTPUT_LOST: words<{ path: string; reason: string }>({
    exit: 9,
    say: (f) => `${f.path} is not complete: ${f.reason}`,
    hint: () => 'the run itself is recorded whole: see `play show`',
  }),
};
