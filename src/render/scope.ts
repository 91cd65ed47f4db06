import type { FunctionContext } from '../model/function-context.ts';
import type { Definition } from '../model/inventory.ts';
import type { Scope } from '../model/scope.ts';
import type { Fields, Value } from '../model/value.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import type { ValueTemplate } from '../template/text-compiler.ts';

/** A value that is not there yet while a segment is planned: the segment ends before the task that asked. */
export class NotYet extends Error {
  readonly what: 'register' | 'facts';
  constructor(what: 'register' | 'facts', name: string) {
    super(`${name} is not known yet`);
    this.what = what;
  }
}

/** In check mode: a value that only the real run would give. */
export class NotKnown extends Error {
  readonly register: string;
  readonly task: string;
  constructor(register: string, task: string) {
    super(`${register} comes from "${task}", which did not run`);
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

/** What a host knows, and results that it is about to know. */
export function withResults(values: HostValues, results: Fields): HostValues {
  const more = Object.entries(results);
  return more.length === 0 ? values : { ...values, results: new Map([...values.results, ...more]) };
}

/** Everything a scope is made of; the order of strength is that of docs/architecture.md, "Where a value comes from". */
export interface ScopeParts {
  /** `item`, `index`, `result`: strongest. */
  locals?: Fields;
  taskVars?: AuthorVars | undefined;
  playVars?: AuthorVars | undefined;
  bookVars?: AuthorVars | undefined;
  inventory: ReadonlyMap<string, Definition[]>;
  compile(definition: Definition): ValueTemplate;
  values: HostValues;
  /** `host hosts groups env run params`: made when first asked for. */
  builtin: Record<string, () => Value>;
  /** What functions may ask about the run of this host. */
  functionContext?: FunctionContext | undefined;
}

/** The names that mean something of their own and cannot be variables. */
export const reservedRoots = ['params', 'facts', 'host', 'hosts', 'groups', 'env', 'run', 'vars'] as const;

/**
 * What one task of one host sees. Its own variables see all that it sees; those of the play, the playbook and the inventory are rendered
 * where they are defined: without `item` and without the task's variables. Each is rendered once, when it is first read.
 */
export function createScope(parts: ScopeParts): Scope {
  const { locals: _, taskVars: __, ...shared } = parts;
  return layer(parts, layer(shared, undefined));
}

/** `outer` renders the variables that are not the task's; without it this is the outermost layer. */
function layer(parts: ScopeParts, outer: Scope | undefined): Scope {
  const { values } = parts;
  const rendered = new Map<string, Value>();
  const trail: string[] = [];

  const author = (name: string, template: ValueTemplate): Value => {
    if (template.isStatic) return template.render(self);
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
  };

  const self: Scope = {
    functionContext: parts.functionContext,
    get(name) {
      if (parts.locals && Object.hasOwn(parts.locals, name)) return parts.locals[name];
      if (name === 'facts') {
        if (values.facts === undefined) throw new NotYet('facts', 'facts');
        return values.facts;
      }
      const builtin = Object.hasOwn(parts.builtin, name) ? parts.builtin[name] : undefined;
      if (builtin) return builtin();
      if (values.pending.has(name)) throw new NotYet('register', name);
      const cause = values.unknown.get(name);
      if (cause !== undefined) throw new NotKnown(name, cause);
      const result = values.results.get(name);
      if (result !== undefined) return result;
      const own = parts.taskVars?.get(name);
      if (own) return author(name, own);
      if (outer) return outer.get(name);
      const shared = parts.playVars?.get(name) ?? parts.bookVars?.get(name);
      if (shared) return author(name, shared);
      const definition = parts.inventory.get(name)?.at(-1);
      if (!definition) return undefined;
      return definition.data ? definition.value : author(name, parts.compile(definition));
    },
    names() {
      return [
        ...Object.keys(parts.locals ?? {}),
        ...Object.keys(parts.builtin),
        'facts',
        ...values.results.keys(),
        ...values.pending,
        ...(parts.taskVars?.keys() ?? []),
        ...(parts.playVars?.keys() ?? []),
        ...(parts.bookVars?.keys() ?? []),
        ...parts.inventory.keys(),
      ];
    },
  };
  return self;
}
