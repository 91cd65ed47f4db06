import { omitted } from '../functions/omitted.ts';
import type { FunctionContext } from '../model/function-context.ts';
import type { Definition } from '../model/inventory.ts';
import type { Scope, Taint } from '../model/scope.ts';
import type { Fields, Value } from '../model/value.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import type { ValueTemplate } from '../template/text-compiler.ts';

/**
 * A value that is not there yet while a segment is planned: the segment ends before the task that asked. `stored`: one of a store of AWS,
 * which is missing only in what comes before a run.
 */
export class NotYet extends Error {
  readonly what: 'register' | 'facts' | 'stored';
  constructor(what: NotYet['what'], name: string) {
    super(`${name} is not known yet`);
    this.what = what;
  }
}

/** In check mode: a value that only the real run would give. Its message is what people are told. */
export class NotKnown extends Error {
  readonly register: string;
  readonly task: string;
  constructor(register: string, task: string) {
    super(`depends on "${task}", which does not run in check mode`);
    this.register = register;
    this.task = task;
  }
}

/** Author variables: templates, rendered at use. */
export type AuthorVars = ReadonlyMap<string, ValueTemplate>;

/** What a host knows while it runs: changes as its tasks end. */
export interface HostValues {
  /** Registers and set_fact, data. */
  results: Map<string, Value>;
  /** Names that a step of the current segment will give. */
  pending: Set<string>;
  /** In check mode: names whose task did not run, with the task's name. */
  unknown: Map<string, string>;
  facts: Fields | undefined;
}

/** Nothing is known yet. */
export function noValues(): HostValues {
  return { results: new Map(), pending: new Set(), unknown: new Map(), facts: undefined };
}

/** What a host knows, and results that it is about to know. */
export function withResults(values: HostValues, results: Fields): HostValues {
  const more = Object.entries(results);
  return more.length === 0 ? values : { ...values, results: new Map([...values.results, ...more]) };
}

/** What a block, an include or a role adds to the scope of the tasks in it. */
export interface ScopeFrame {
  /** Items of its loop, and what it was given by `with`: data. Reading one may throw. */
  locals?: Fields;
  vars?: AuthorVars | undefined;
  /** Of a role: what anything else outdoes. */
  defaults?: AuthorVars | undefined;
  /** Of a role: results of its tasks stay in it. */
  values?: HostValues;
}

/** Everything a scope is made of; the order of strength is that of docs/architecture.md, "Where a value comes from". */
export interface ScopeParts {
  /** `item`, `index`, `result`: strongest. */
  locals?: Fields;
  taskVars?: AuthorVars | undefined;
  /** What `--set` gives: stronger than all. */
  set?: ReadonlyMap<string, Value>;
  /** What is around the task, the outermost first. */
  frames?: readonly ScopeFrame[];
  playVars?: AuthorVars | undefined;
  bookVars?: AuthorVars | undefined;
  inventory: ReadonlyMap<string, Definition[]>;
  compile(definition: Definition): ValueTemplate;
  values: HostValues;
  /** `host hosts groups env run params`: made when first asked for. */
  builtin: Record<string, () => Value>;
  /** Learns what is made of secrets. */
  taint?: Taint | undefined;
  /** What functions may ask about the run of this host. */
  functionContext?: FunctionContext | undefined;
  /** Told when something is read that hosts have said: facts and results of tasks. */
  heard?: (() => void) | undefined;
}

/** The names that mean something of their own and cannot be variables. */
export const reservedRoots = [
  'params',
  'facts',
  'host',
  'hosts',
  'groups',
  'env',
  'run',
  'stdin',
  'vars',
  'omit',
] as const;

/**
 * What one task of one host sees. Its own variables see all that it sees; those of the blocks and roles around it, of the play, the playbook
 * and the inventory are rendered where they are defined: without `item` and without the task's variables. Each is rendered once, when it is
 * first read.
 */
export function createScope(parts: ScopeParts): Scope {
  const { locals, taskVars, frames = [], ...shared } = parts;
  const levels: ScopeFrame[] = [{}, ...frames, { ...(locals && { locals }), vars: taskVars }];
  const scopes: Scope[] = [];
  for (const depth of levels.keys()) scopes.push(layer(shared, levels.slice(0, depth + 1), scopes));
  return scopes[levels.length - 1]!;
}

type Shared = Omit<ScopeParts, 'locals' | 'taskVars' | 'frames'>;

/** The scope at the last of some levels; `scopes` are those of the levels before it, in which their variables are rendered. */
function layer(shared: Shared, levels: readonly ScopeFrame[], scopes: readonly Scope[]): Scope {
  const rendered = new Map<string, Value>();
  const trail: string[] = [];
  const own = levels.length - 1;

  /** A variable that is defined at a level: rendered there. */
  const author = (name: string, template: ValueTemplate, level: number): Value | undefined => {
    if (template.isStatic) return template.render(self);
    if (level < own) return (scopes[level] as Layer).render(name, template);
    return self.render(name, template);
  };

  const self: Layer = {
    taint: shared.taint,
    functionContext: shared.functionContext,
    render(name, template) {
      const done = rendered.get(name);
      if (done !== undefined) return done;
      if (trail.includes(name)) {
        throw new ProblemError(problem('E_VARIABLE_CYCLE', { names: [...trail.slice(trail.indexOf(name)), name] }));
      }
      trail.push(name);
      try {
        const value = template.render(self);
        rendered.set(name, value);
        return value;
      } finally {
        trail.pop();
      }
    },
    get(name) {
      const set = shared.set?.get(name);
      if (set !== undefined) return set;
      for (let level = own; level >= 0; level--) {
        const { locals } = levels[level]!;
        if (!locals || !Object.hasOwn(locals, name)) continue;
        const value = locals[name];
        // What an include or a role is given as `omit` it is not given.
        if (value !== omitted) return value;
      }
      if (name === 'omit') return omitted;
      if (name === 'facts') {
        if (shared.values.facts === undefined) throw new NotYet('facts', 'facts');
        shared.heard?.();
        return shared.values.facts;
      }
      const builtin = Object.hasOwn(shared.builtin, name) ? shared.builtin[name] : undefined;
      if (builtin) {
        if (name === 'hosts') shared.heard?.();
        return builtin();
      }
      // A role's own results and variables come before those of whoever uses it.
      for (let end = own; end >= 0; ) {
        let from = end;
        while (from > 0 && !levels[from]!.values) from -= 1;
        const values = levels[from]!.values ?? shared.values;
        const result = resultOf(values, name);
        if (result !== undefined) {
          shared.heard?.();
          return result;
        }
        for (let level = end; level >= from; level--) {
          const template = levels[level]!.vars?.get(name);
          if (template) return author(name, template, level);
        }
        end = from - 1;
      }
      const written = shared.playVars?.get(name) ?? shared.bookVars?.get(name);
      if (written) return author(name, written, 0);
      const definition = shared.inventory.get(name)?.at(-1);
      if (definition) return definition.data ? definition.value : author(name, shared.compile(definition), 0);
      for (let level = own; level >= 0; level--) {
        const template = levels[level]!.defaults?.get(name);
        if (template) return author(name, template, level);
      }
      return undefined;
    },
    names() {
      return [
        ...levels.flatMap(({ locals, vars, defaults, values }) => [
          ...Object.keys(locals ?? {}),
          ...(vars?.keys() ?? []),
          ...(defaults?.keys() ?? []),
          ...(values?.results.keys() ?? []),
        ]),
        ...(shared.set?.keys() ?? []),
        ...Object.keys(shared.builtin),
        ...['facts', 'omit'],
        ...shared.values.results.keys(),
        ...shared.values.pending,
        ...(shared.playVars?.keys() ?? []),
        ...(shared.bookVars?.keys() ?? []),
        ...shared.inventory.keys(),
      ];
    },
  };
  return self;
}

/** A scope that renders the variables of its level. */
interface Layer extends Scope {
  render(name: string, template: ValueTemplate): Value;
}

function resultOf({ pending, unknown, results }: HostValues, name: string): Value | undefined {
  if (pending.has(name)) throw new NotYet('register', name);
  const cause = unknown.get(name);
  if (cause !== undefined) throw new NotKnown(name, cause);
  return results.get(name);
}
