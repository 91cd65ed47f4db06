import { didYouMean, words } from './entry.ts';

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
  E_RENDERED_PARAM: words<{ module: string; param: string; value: string; expected: string }>({
    exit: 3,
    say: (f) =>
      `${f.module}: ${f.param === '' ? 'what it is given' : `\`${f.param}\``} became ${f.value}, which ${f.expected}`,
    hint: () => 'look at the variables in this text; a debug task shows their values',
  }),
  E_OMIT_NEEDED: words<{ owner: string; param: string }>({
    exit: 2,
    say: (f) => `${f.owner}: \`${f.param}\` is needed, and "omit" leaves it out`,
    hint: () => 'give it a value in every case, or leave out the task: when',
  }),
  E_ENV_VALUE: words<{ name: string }>({
    exit: 3,
    say: (f) => `the environment variable ${f.name} is a list or a mapping`,
    hint: () => 'environment variables are text: use {{json name}} or {{join name ","}}',
  }),
  E_LOOP_NOT_LIST: words<{ got: string }>({
    exit: 3,
    say: (f) => `\`loop\` must give a list, this gives ${f.got}`,
    hint: () => 'for a mapping, loop over a list made of it: `loop: map_name.map(k, {"key": k, "value": map_name[k]})`',
  }),
  E_BECOME: words<{ user: string; said: string; rc: number; gavePassword: boolean }>({
    exit: 7,
    say: (f) => `sudo did not let this login become ${f.user}${f.said ? `: ${f.said}` : ` (status ${f.rc})`}`,
    hint: (f) => {
      if (/must have a tty/.test(f.said))
        return 'sudoers on the host wants a terminal (requiretty), which a run has not: turn it off there with Defaults:LOGIN !requiretty';
      if (/unknown user/.test(f.said)) return `correct become_user, or create ${f.user} in an earlier task`;
      if (/command not found|not found$/.test(f.said)) return 'install sudo on the host, or log in as the user itself';
      return f.gavePassword
        ? 'add a rule for this login in sudoers on the host'
        : 'give `become_password` (or ansible_become_password, or --ask-become-pass), or add a NOPASSWD rule in sudoers on the host';
    },
  }),
  E_BECOME_PASSWORD: words<{ user: string }>({
    exit: 7,
    say: (f) => `sudo refused the password for becoming ${f.user}`,
    hint: () => 'it was tried once and not again, so that the account is not locked; correct become_password',
  }),
  E_BECOME_TOO_MANY: words<{ user: string }>({
    exit: 3,
    say: (f) => `${f.user} would be the fifth user that tasks become in one session`,
    hint: () => 'split the tasks into two plays, at most four become users each',
  }),
  E_TASK_FAILED: words<{ what: string; advice?: string }>({
    exit: 3,
    say: (f) => f.what,
    hint: (f) => f.advice,
  }),
  E_NOT_CONVERGED: words<{ wanted: string; got: string }>({
    exit: 3,
    say: (f) => `the change was made, but the host is not as asked: wanted ${f.wanted}, found ${f.got}`,
    hint: () => 'something on the host may undo it, or two tasks may ask for different things',
  }),
  E_TIMEOUT: words<{ after: number; killed: boolean }>({
    exit: 3,
    say: (f) => `stopped after ${f.after / 1000} s (timeout)`,
    hint: () => 'raise `timeout:` if the work really takes longer; its processes were ended',
  }),
  E_LOST: words<
    { host: string; reason: string } & (
      | { fate: 'running' | 'gone' }
      | { fate: 'ended'; rc: number }
      | { fate: 'unasked' | 'unbegun'; why: string }
    )
  >({
    exit: 5,
    say: (f) => {
      const lost = `the connection to ${f.host} was lost (${f.reason})`;
      switch (f.fate) {
        case 'running':
          return `${lost} while this ran; it still ran when play had connected again, and was left alone`;
        case 'gone':
          return `${lost} while this ran; it runs no longer, and how it ended is not written down on the host`;
        case 'ended':
          return `${lost} while this ran; it ended with status ${f.rc}, but its output, which this task registers or decides on, is not complete`;
        case 'unasked':
          return `${lost} while this ran, and the host cannot be asked how it ended: ${f.why}`;
        case 'unbegun':
          return `${lost} after this had been sent and before it was seen to begin, and the host cannot be asked whether it ran: ${f.why}`;
      }
    },
    hint: (f) => {
      if (f.fate === 'running') return 'wait until it ends, and look at what it did before you run it again';
      if (f.fate === 'unbegun') return 'it may have run: look at the host before you run it again';
      return 'look at what it did on the host before you run it again';
    },
  }),
  E_STATE_UNKNOWN: words<{ what: string }>({ exit: 5, say: (f) => f.what }),
  E_FILE_IS_DIRECTORY: words<{ path: string }>({
    exit: 2,
    say: (f) => `${f.path} is a directory, a file is needed here`,
  }),
  E_FILE_UNREADABLE: words<{ path: string; detail: string }>({
    exit: 2,
    say: (f) => `${f.path} cannot be read: ${f.detail}`,
    hint: () => 'give the user who runs play the right to read it',
  }),
  E_NO_TERMINAL: words<{ question: string }>({
    exit: 2,
    say: (f) => `there is no terminal to ask: ${f.question}`,
    hint: () => 'run play from a terminal, or give the value in the inventory or the playbook',
  }),
  E_PARSE_OUTPUT: words<{ as: string; detail: string }>({
    exit: 3,
    say: (f) => `the output cannot be read as ${f.as}: ${f.detail}`,
  }),
  E_UNTIL: words<{ attempts: number; condition: string; last: string }>({
    exit: 3,
    say: (f) =>
      `\`until: ${f.condition}\` did not hold after ${f.attempts} attempts${f.last ? `; last: ${f.last}` : ''}`,
    hint: () => 'raise retry.attempts or retry.delay if it only needs longer',
  }),
  E_FAILED_WHEN: words<{ condition: string }>({
    exit: 3,
    say: (f) => `failed_when: ${f.condition}`,
  }),
  E_DELEGATE_UNKNOWN: words<{ host: string; similar: string | undefined }>({
    exit: 2,
    say: (f) => `delegate_to: there is no host "${f.host}" in the inventory`,
    hint: (f) => (f.similar ? `did you mean "${f.similar}"?` : 'add it to the inventory'),
  }),
  E_PLAYBOOK_UNREADABLE: words<{ path: string; code: string; similar: string | undefined }>({
    exit: 2,
    say: (f) =>
      f.code === 'ENOENT'
        ? `there is no playbook ${f.path}`
        : f.code === 'EISDIR'
          ? `${f.path} is a folder, not a playbook`
          : `the playbook ${f.path} cannot be read: ${f.code}`,
    hint: (f) =>
      f.code === 'ENOENT'
        ? (didYouMean(f.similar) ?? 'give the path of a YAML file; `play --help` lists the commands')
        : undefined,
  }),
};
