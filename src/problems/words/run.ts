import { words } from './entry.ts';

/** Faults while a task runs, and of the run itself. */
export const runWords = {
  E_BUG: words<{ detail: string }>({
    exit: 1,
    say: (f) => `play itself failed: ${f.detail}`,
    hint: () => 'this is a bug in play; please report it with the playbook that shows it',
  }),
  E_FILE_MISSING: words<{ path: string; looked: string[] }>({
    exit: 2,
    say: (f) => `no such file: ${f.path}`,
    hint: (f) => `looked in ${f.looked.join(', ')}`,
  }),
  E_USAGE: words<{ detail: string; advice?: string }>({
    exit: 2,
    say: (f) => f.detail,
    hint: (f) => f.advice,
  }),
  E_JOURNAL_WRITE: words<{ dir: string; run: string; code: string; detail: string }>({
    exit: 9,
    say: (f) =>
      f.code === 'EEXIST'
        ? `run ${f.run} is recorded already in ${f.dir}`
        : f.code === 'ENOSPC' || f.code === 'EDQUOT'
          ? `the run cannot be recorded: no space left for ${f.dir}`
          : `the run cannot be recorded in ${f.dir}: ${f.detail}`,
    hint: (f) =>
      f.code === 'EEXIST'
        ? 'start it again: every run gets an id of its own'
        : f.code === 'ENOSPC' || f.code === 'EDQUOT'
          ? 'no task is started that could not be recorded; free some space, or put XDG_STATE_HOME on another disk'
          : 'no task is started that could not be recorded; make the folder writable, or set XDG_STATE_HOME to another one',
  }),
  E_JOURNAL_READ: words<{ path: string; detail: string }>({
    exit: 9,
    say: (f) => `the record ${f.path} cannot be read: ${f.detail}`,
    hint: () => 'the files of other runs are not touched by this; `play runs` lists them',
  }),
  E_JOURNAL_NEWER: words<{ run: string; schema: number; known: number }>({
    exit: 9,
    say: (f) => `run ${f.run} was recorded by a newer play (format ${f.schema}, this one reads up to ${f.known})`,
    hint: () => 'read it with the play that wrote it, or update this one',
  }),
  E_RUN_UNKNOWN: words<{ asked?: string; latest?: string }>({
    exit: 2,
    say: (f) => (f.asked === undefined ? 'no run is recorded here yet' : `no recorded run is called "${f.asked}"`),
    hint: (f) =>
      f.latest === undefined
        ? 'runs are recorded per folder of the playbook'
        : `the last one is ${f.latest}; \`play runs\` lists them all`,
  }),
  E_RUN_AMBIGUOUS: words<{ asked: string; runs: string[] }>({
    exit: 2,
    say: (f) => `"${f.asked}" can mean ${f.runs.length} runs`,
    hint: (f) => `say more of the id: ${f.runs.slice(0, 5).join(', ')}${f.runs.length > 5 ? ', …' : ''}`,
  }),
};
