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
};
