import { didYouMean, words } from './entry.ts';
import { foreignNames } from './foreign-names.ts';

/** Where a name is read: each has its own form of a default. */
export type Where = 'text' | 'expression';

/** Nobody reads a longer list of hosts. */
const MOST_HOSTS = 5;

function some(names: readonly string[], most = MOST_HOSTS): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}

function defaultFor(name: string, where: Where): string {
  return where === 'text' ? `{{default ${name} "value"}}` : `vars.?${name}.orValue("value")`;
}

function ofFields(fields: readonly string[]): string {
  return fields.length === 0 ? 'it has no fields' : `it has ${some(fields, 16)}`;
}

/** Mistakes that are found by looking at all of a run at once: names, files, hosts. Exit 2: nothing has been contacted. */
export const analyzeWords = {
  E_NAME_UNKNOWN: words<{
    name: string;
    similar: string | undefined;
    /** Hosts without a value, and how many there are in all. */
    hosts: string[];
    of: number;
    in: Where;
  }>({
    exit: 2,
    say: (f) =>
      f.hosts.length === f.of ? `nothing gives "${f.name}" a value` : `"${f.name}" has no value on ${some(f.hosts)}`,
    hint: (f) => {
      if (f.hosts.length < f.of)
        return `give it to a group that these hosts are in, or give a default: ${defaultFor(f.name, f.in)}`;
      const here = Object.hasOwn(foreignNames, f.name) ? foreignNames[f.name] : undefined;
      if (here !== undefined) return `in play it is ${here}`;
      return (
        didYouMean(f.similar) ??
        `define it under "vars:" or in the inventory, or give a default: ${defaultFor(f.name, f.in)}`
      );
    },
  }),
  E_VARIABLE_CYCLE: words<{ names: string[] }>({
    exit: 2,
    say: (f) =>
      f.names.length === 2
        ? `the variable "${f.names[0]}" needs itself`
        : `these variables need each other: ${f.names.join(' → ')}`,
    hint: (f) =>
      f.names.length === 2
        ? 'a variable cannot add to a weaker one of the same name: give one of them another name'
        : 'give one of them a value that does not depend on the others',
  }),
  E_NAME_OF_TASK: words<{ name: string; variable: string }>({
    exit: 2,
    say: (f) => `"${f.variable}" cannot see "${f.name}", which is a variable of a single task`,
    hint: (f) => `move "${f.variable}" into the "vars:" of that task, or "${f.name}" to where "${f.variable}" is`,
  }),
  E_REGISTER_LATER: words<{ name: string; task: string }>({
    exit: 2,
    say: (f) => `"${f.name}" is given only by a later task, "${f.task}"`,
    hint: () => 'move that task before this one',
  }),
  E_REGISTER_SELF: words<{ name: string }>({
    exit: 2,
    say: (f) => `"${f.name}" is the result of this very task`,
    hint: () =>
      'only its changed_when, failed_when and until see it; "when" and the parameters come before there is one',
  }),
  E_REGISTER_LEFT_OUT: words<{ name: string; task: string }>({
    exit: 2,
    say: (f) => `"${f.name}" is given by "${f.task}", which the chosen tags or --start-at leave out`,
    hint: () => 'give that task the tag "always", or choose its tags too; or start no later than at that task',
  }),
  E_REGISTER_HOSTS: words<{ name: string; hosts: string[]; task: string; play: string }>({
    exit: 2,
    say: (f) => `"${f.name}" is given by "${f.task}" in the play "${f.play}", which does not run on ${some(f.hosts)}`,
    hint: () => 'a result belongs to the host it was made on: run that task on these hosts too',
  }),
  E_REGISTER_HIDES: words<{ name: string; layer: string }>({
    exit: 2,
    say: (f) => `this result hides the variable "${f.name}" of the ${f.layer} from here on`,
    hint: () => 'give one of them another name',
  }),
  E_REGISTER_FIELD: words<{
    name: string;
    field: string;
    module: string;
    similar: string | undefined;
    fields: string[];
  }>({
    exit: 2,
    say: (f) => `"${f.name}", a result of ${f.module}, has no "${f.field}"`,
    hint: (f) => didYouMean(f.similar) ?? ofFields(f.fields),
  }),
  E_REGISTER_LOOP: words<{ name: string; field: string; in: Where }>({
    exit: 2,
    say: (f) => `"${f.name}" is the result of a loop: "${f.field}" is in each of its results`,
    hint: (f) =>
      f.in === 'expression'
        ? `for one of them ${f.name}.results[0].${f.field}, for all ${f.name}.results.map(r, r.${f.field})`
        : `for one of them {{${f.name}.results[0].${f.field}}}, for all {{#each ${f.name}.results}}{{${f.field}}}{{/each}}`,
  }),
  E_REGISTER_NO_LOOP: words<{ name: string }>({
    exit: 2,
    say: (f) => `"${f.name}" is not the result of a loop, so it has no "results"`,
    hint: (f) => `read it directly: ${f.name}.changed`,
  }),
  E_FIELD_UNKNOWN: words<{ of: string; field: string; similar: string | undefined; fields: string[] }>({
    exit: 2,
    say: (f) => `${f.of} has no "${f.field}"`,
    hint: (f) => didYouMean(f.similar) ?? ofFields(f.fields),
  }),
  E_STDIN: words<{ field: string; fault: string }>({
    exit: 2,
    say: (f) => `standard input has no "${f.field}": ${f.fault}`,
  }),
  E_ENV_UNSET: words<{ name: string; similar: string | undefined; in: Where }>({
    exit: 2,
    say: (f) => `the environment variable ${f.name} is not set here`,
    hint: (f) =>
      didYouMean(f.similar && `env.${f.similar}`) ??
      `set it before you start play, or give a default: ${
        f.in === 'text' ? `{{default env.${f.name} "value"}}` : `env.?${f.name}.orValue("value")`
      }`,
  }),
  E_PARAMS_NONE: words<object>({
    exit: 2,
    say: () => 'this playbook declares no parameters',
    hint: () => 'declare them at its top, beside "plays": params: { version: { type: string } }',
  }),
  E_RUN_ONCE_SERIAL: words<object>({
    exit: 2,
    say: () => '"run_once: true" may mean two things in a play with "serial": once in every batch, or once in the play',
    hint: () => 'say which: run_once: batch, or run_once: play',
  }),
  E_ITEM_OUTSIDE: words<{ name: string; variable?: string }>({
    exit: 2,
    say: (f) =>
      f.variable === undefined
        ? `"${f.name}" exists only in a task with "loop:"`
        : `"${f.variable}" cannot see "${f.name}", which only a task with "loop:" has`,
    hint: (f) =>
      f.variable === undefined
        ? 'give the task a loop, or name the variable that is meant'
        : `move "${f.variable}" into the "vars:" of that task`,
  }),
  E_ITEM_IN_LOOP: words<{ name: string }>({
    exit: 2,
    say: (f) => `"${f.name}" does not exist yet where the list of the loop is made`,
    hint: () => 'name the list itself: loop: packages',
  }),
};
