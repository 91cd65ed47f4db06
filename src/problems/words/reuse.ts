import { didYouMean, words } from './entry.ts';

const article = (kind: 'include' | 'role'): string => (kind === 'include' ? 'file' : 'role');

/** Mistakes about files and roles that a playbook uses. */
export const reuseWords = {
  E_USE_MISSING: words<{ kind: 'include' | 'role'; name: string; looked: string[]; similar?: string | undefined }>({
    exit: 2,
    say: (f) => `there is no ${article(f.kind)} "${f.name}"`,
    hint: (f) => didYouMean(f.similar) ?? `looked in ${f.looked.map((folder) => `${folder}/`).join(', ')}`,
  }),
  E_USE_NO_MATCH: words<{ kind: 'include' | 'role'; name: string }>({
    exit: 2,
    say: (f) => `no ${article(f.kind)} fits "${f.name}", whatever is put in`,
    hint: () => 'all that may be meant must be there before the run',
  }),
  E_USE_CYCLE: words<{ names: string[] }>({
    exit: 2,
    say: (f) => `this never ends: ${f.names.join(' uses ')}`,
    hint: () => 'a file or role cannot use itself; use "loop" or "until" to do things again',
  }),
  E_USE_CHOICE: words<{ kind: 'include' | 'role'; name: string; known: string[] }>({
    exit: 3,
    say: (f) => `there is no ${article(f.kind)} "${f.name}"`,
    hint: (f) => `what was there before the run: ${f.known.join(', ')}`,
  }),
  E_USE_REGISTER: words<{ kind: 'include' | 'role'; name: string }>({
    exit: 2,
    say: (f) => `the name of this ${article(f.kind)} depends on "${f.name}", which only the run gives`,
    hint: () => 'use params, variables or facts, so that every file can be checked before the run',
  }),
  E_ROLE_FOREIGN: words<{ path: string; instead: string }>({
    exit: 2,
    say: (f) => `${f.path} is not read`,
    hint: (f) => `what it says goes into ${f.instead}`,
  }),
  E_VARS_FILE_NAME: words<{ name: string }>({
    exit: 2,
    say: (f) => `"${f.name}" depends on facts, which only the run gives`,
    hint: () => 'use parameters here; to choose by what a host is, use "include", whose name may hold facts',
  }),
  E_BOOK_NAME: words<object>({
    exit: 2,
    say: () => 'this depends on facts or results of a host, and it is said once for the whole run',
    hint: () => 'parameters, the environment, variables of the playbook and "run" are known here',
  }),
  E_VARS_FILE_MISSING: words<{ name: string; looked: string }>({
    exit: 2,
    say: (f) => `there is no file "${f.name}" with variables`,
    hint: (f) => `looked for ${f.looked}`,
  }),
};
