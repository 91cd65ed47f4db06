import { didYouMean, words } from './entry.ts';
import { type ForeignKey, foreignKeys } from './foreign-keys.ts';

/** Where a key was read. */
export type Place =
  | 'playbook'
  | 'play'
  | 'task'
  | 'block'
  | 'include'
  | 'role'
  | 'role.yml'
  | 'loop_control'
  | 'retry'
  | 'parse'
  | 'command'
  | 'report'
  | 'logging'
  | 'webhook';

const article = (place: Place): string => {
  if (place === 'include') return 'an include';
  return ['playbook', 'play', 'task', 'block', 'role', 'command'].includes(place) ? `a ${place}` : `"${place}"`;
};

const quotedList = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const shortList = (names: readonly string[], most = 40): string =>
  names.length > most ? `${names.slice(0, most).join(', ')} … (${names.length} in all)` : names.join(', ');

const FORM = 'a playbook is a list of plays, one play (hosts and tasks), or a mapping with "plays"';

/** Mistakes in what a playbook says. */
export const playbookWords = {
  E_PLAYBOOK_EMPTY: words<object>({
    exit: 2,
    say: () => 'there is no play in this file',
    hint: () => `${FORM}; a first one: { hosts: localhost, tasks: [ { debug: hello } ] }`,
  }),
  E_PLAYBOOK_FORM: words<{ found: string; inventory?: string }>({
    exit: 2,
    say: (f) => `this is not a playbook but ${f.found}`,
    hint: (f) => (f.inventory === undefined ? FORM : `give it with a playbook: play PLAYBOOK -i ${f.inventory}`),
  }),
  E_TASKS_WITHOUT_PLAY: words<object>({
    exit: 2,
    say: () => 'these are tasks, and nothing says which hosts they are for',
    hint: () => 'put them under "tasks:" of a play with "hosts:"',
  }),

  E_COMMAND_MISSING: words<{ file: string; names: string[] }>({
    exit: 2,
    say: (f) => `nothing says which command is meant: ${f.names.join(', ')}`,
    hint: (f) => `write it behind the file: play ${f.file} ${f.names[0] ?? 'COMMAND'}`,
  }),
  E_KEY_UNKNOWN: words<{ key: string; place: Place; similar?: string; allowed: string[] }>({
    exit: 2,
    say: (f) => `${article(f.place)} has no key "${f.key}"`,
    hint: (f) => didYouMean(f.similar) ?? `it takes ${shortList(f.allowed)}`,
  }),
  E_KEY_FOREIGN: words<{ key: string }>({
    exit: 2,
    say: (f) => `"${f.key}" ${foreign(f.key).say}`,
    hint: (f) => foreign(f.key).hint,
  }),
  E_KEY_MISPLACED: words<{ key: string; place: Place; belongs: string }>({
    exit: 2,
    say: (f) => `"${f.key}" is not a key of ${article(f.place)}`,
    hint: (f) => `it is a key of ${f.belongs}`,
  }),
  E_KEY_MISSING: words<{ key: string; place: Place; advice: string }>({
    exit: 2,
    say: (f) => `this ${f.place} has no "${f.key}"`,
    hint: (f) => f.advice,
  }),
  E_PARSE_NO_OUTPUT: words<{ module: string }>({
    exit: 2,
    say: (f) => `"parse" reads what a task prints, and ${f.module} prints nothing`,
    hint: () =>
      'command, shell and script have an output; the fields of a result can be read by functions: from_json(got.content)',
  }),
  E_URL: words<{ key: string; found: string }>({
    exit: 2,
    say: (f) => `"${f.key}" must be a web address, not "${f.found}"`,
    hint: () => 'it begins with https:// or http://',
  }),
  E_KEY_BOTH: words<{ key: string; other: string }>({
    exit: 2,
    say: (f) => `"${f.key}" and "${f.other}" say the same thing`,
    hint: (f) => `keep "${f.other}"`,
  }),
  E_KEY_TYPE: words<{ key: string; wanted: string; found: string; advice?: string }>({
    exit: 2,
    say: (f) => `"${f.key}" must be ${f.wanted}, not ${f.found}`,
    hint: (f) => f.advice,
  }),
  E_KEY_VALUE: words<{ key: string; found: string; allowed: string[]; similar?: string }>({
    exit: 2,
    say: (f) => `"${f.key}" cannot be "${f.found}"`,
    hint: (f) => didYouMean(f.similar) ?? `it is one of ${quotedList(f.allowed)}`,
  }),
  E_ITEM_TYPE: words<{ what: string; wanted: string; found: string; advice?: string }>({
    exit: 2,
    say: (f) => `${f.what} must be ${f.wanted}, not ${f.found}`,
    hint: (f) => f.advice,
  }),
  E_DURATION: words<{ key: string; found: string }>({
    exit: 2,
    say: (f) => `"${f.key}" is not a length of time: ${f.found}`,
    hint: () => 'write a number of seconds, or a number with ms, s, m or h: 30, 500ms, 2s, 10m, 1h',
  }),

  E_MODULE_MISSING: words<{ modules: string[] }>({
    exit: 2,
    say: () => 'this task does not say what to do',
    hint: (f) => `give it one module as a key: ${shortList(f.modules)}`,
  }),
  E_MODULE_TWO: words<{ first: string; second: string }>({
    exit: 2,
    say: (f) => `this task has two modules, "${f.first}" and "${f.second}"`,
    hint: () => 'make two tasks of it: the second begins with its own "- "',
  }),
  E_MODULE_UNKNOWN: words<{ name: string; similar?: string; modules: string[] }>({
    exit: 2,
    say: (f) => `there is no module "${f.name}"`,
    hint: (f) =>
      f.name === 'block'
        ? 'one task stands here, not a block; of handlers, several can listen to the same name, and all of them run'
        : (didYouMean(f.similar) ?? `the modules are ${shortList(f.modules, 40)}`),
  }),
  E_MODULE_FORM: words<{ module: string; found: string; params: string[] }>({
    exit: 2,
    say: (f) => `"${f.module}" takes a mapping of parameters, not ${f.found}`,
    hint: (f) => (f.params.length > 0 ? `its parameters are ${shortList(f.params)}` : 'it has no parameters: write {}'),
  }),
  E_MODULE_KEY_VALUE: words<{ module: string; fixed: string }>({
    exit: 2,
    say: (f) => `parameters of "${f.module}" are a mapping, not text with "="`,
    hint: (f) => `write: ${f.fixed}`,
  }),

  /** `owner` is the module in quotes, or a part of its parameters: `open[1] of "ports"`. */
  E_PARAM_UNKNOWN: words<{
    owner: string;
    name: string;
    similar?: string;
    allowed: string[];
    keyword: boolean;
    /** What the module itself says about it. */
    advice?: string;
  }>({
    exit: 2,
    say: (f) => `${f.owner} has no parameter "${f.name}"`,
    hint: (f) =>
      f.advice !== undefined
        ? f.advice
        : f.keyword
          ? `"${f.name}" is a key of the task: indent it like ${f.owner}, not below it`
          : (didYouMean(f.similar) ??
            (f.allowed.length > 0 ? `it takes ${shortList(f.allowed)}` : 'it takes no parameters here')),
  }),
  E_PARAM_MISSING: words<{ owner: string; name: string }>({
    exit: 2,
    say: (f) => `${f.owner} needs the parameter "${f.name}"`,
  }),
  E_PARAM_TYPE: words<{ name: string; wanted: string; found: string; advice?: string }>({
    exit: 2,
    say: (f) => `${f.name} must be ${f.wanted}, not ${f.found}`,
    hint: (f) => f.advice,
  }),
  E_PARAM_VALUE: words<{ name: string; found: string; allowed: string[]; similar?: string }>({
    exit: 2,
    say: (f) => `${f.name} cannot be ${f.found}`,
    hint: (f) => didYouMean(f.similar) ?? `it is one of ${quotedList(f.allowed)}`,
  }),
  E_PARAM_MODE: words<{ name: string; found: string }>({
    exit: 2,
    say: (f) => `${f.name} is not a file mode: ${f.found}`,
    hint: () => 'write octal digits, 0644, or symbols in quotes, "u=rw,g=r,o=r"',
  }),
  E_PARAM_INVALID: words<{ name: string; found: string; detail: string }>({
    exit: 2,
    say: (f) => `${f.name} cannot be ${f.found}: it ${f.detail}`,
  }),
  E_PARAM_CONFLICT: words<{ module: string; names: string[] }>({
    exit: 2,
    say: (f) => `"${f.module}" takes only one of ${quotedList(f.names)}`,
    hint: () => 'delete the others',
  }),
  E_PARAM_ONE_OF: words<{ module: string; names: string[] }>({
    exit: 2,
    say: (f) => `"${f.module}" needs one of the parameters ${quotedList(f.names)}`,
  }),

  E_REGISTER_NAME: words<{ name: string; fault: 'characters' | 'reserved'; suggestion?: string }>({
    exit: 2,
    say: (f) =>
      f.fault === 'reserved'
        ? `a result cannot be called "${f.name}": the word has a meaning of its own in expressions`
        : `a result cannot be called "${f.name}": names are letters, digits and _, and do not begin with a digit`,
    hint: (f) => (f.suggestion === undefined ? 'choose another name' : `for example: register: ${f.suggestion}`),
  }),
  E_VAR_NAME: words<{ name: string; fault: 'characters' | 'reserved'; suggestion?: string }>({
    exit: 2,
    say: (f) =>
      f.fault === 'reserved'
        ? `a variable cannot be called "${f.name}": the name always means something else`
        : `a variable cannot be called "${f.name}": names are letters, digits and _, and do not begin with a digit`,
    hint: (f) => (f.suggestion === undefined ? 'choose another name' : `for example: ${f.suggestion}`),
  }),

  E_HANDLER_UNKNOWN: words<{ name: string; similar?: string; handlers: string[] }>({
    exit: 2,
    say: (f) => `there is no handler "${f.name}" in this play`,
    hint: (f) =>
      didYouMean(f.similar) ??
      (f.handlers.length > 0
        ? `the handlers are ${quotedList(f.handlers)}`
        : `add it to the play: handlers: [ { name: ${f.name}, … } ]`),
  }),
  E_HANDLER_TWICE: words<{ name: string }>({
    exit: 2,
    say: (f) => `two handlers are called "${f.name}"`,
    hint: () => 'give one of them another name, or make one handler of both',
  }),
  E_HANDLER_NAME: words<object>({
    exit: 2,
    say: () => 'a handler without a name can never be notified',
    hint: () => 'give it a "name" that tasks use in "notify"',
  }),
};

function foreign(key: string): ForeignKey {
  return foreignKeys[key] ?? { say: 'is not a key here', hint: 'delete the line' };
}
