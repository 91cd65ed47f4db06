import type { Definition } from '../../src/model/inventory.ts';
import type { Fields, Value } from '../../src/model/value.ts';
import { loadValidator, type Validator } from '../../src/modules/validate.ts';
import type { PlannedPlay, PlannedTask } from '../../src/plan/planned.ts';
import { ProblemError, sentence } from '../../src/problems/problem.ts';
import { type Group, type Item, type RenderContext, renderGroup } from '../../src/render/render-group.ts';
import { createScope, type HostValues, withResults } from '../../src/render/scope.ts';
import type { ValueTemplate } from '../../src/template/text-compiler.ts';
import { type Book, type BookOptions, readBook } from '../analyze/book.ts';

/** What a host knows in the middle of a run; nothing by default. */
export function knowing(known: Partial<HostValues> & { registers?: Fields } = {}): HostValues {
  const { registers = {}, ...values } = known;
  return {
    results: new Map(Object.entries(registers)),
    pending: new Set(),
    unknown: new Map(),
    facts: undefined,
    ...values,
  };
}

/** A playbook whose tasks are filled in for one host, without running anything. */
export interface Stage {
  book: Book;
  play: PlannedPlay;
  task(index?: number): PlannedTask;
  /** The first play's task at an index, as a host sees it. */
  group(index?: number, values?: HostValues, check?: boolean): Promise<Group>;
}

/** Plans a playbook for `host`, the first of its play by default. Throws when it has problems: they are tested elsewhere. */
export async function stage(files: Record<string, string>, options: BookOptions = {}, host?: string): Promise<Stage> {
  const book = await readBook(files, options);
  if (book.screen !== '') throw new Error(book.screen);
  const [play] = book.plan.plays;
  if (!play) throw new Error('no play');
  const name = host ?? play.hosts[0] ?? 'localhost';
  const validators = new Map<string, Validator>();
  for (const { task } of [...play.tasks, ...play.handlers])
    validators.set(task.module, await loadValidator(task.module));
  const task = (index = 0): PlannedTask => {
    const found = play.tasks[index];
    if (!found) throw new Error(`no task ${index}`);
    return found;
  };
  return {
    book,
    play,
    task,
    group: (index, values = knowing(), check = false) =>
      renderGroup(task(index), contextOf({ book, play, host: name, values, check, validators })),
  };
}

function contextOf(options: {
  book: Book;
  play: PlannedPlay;
  host: string;
  values: HostValues;
  check: boolean;
  validators: ReadonlyMap<string, Validator>;
}): RenderContext {
  const { book, play, host, values, check, validators } = options;
  const compile = (definition: Definition): ValueTemplate => {
    const { value, problems } = book.compiler.compileDefinition(definition);
    if (!value) throw new ProblemError(problems);
    return value;
  };
  const context: RenderContext = {
    host,
    check,
    values,
    idOf: (id) => id,
    scope: (planned, locals, learned = {}) =>
      createScope({
        locals,
        taskVars: planned.vars,
        playVars: play.vars,
        bookVars: book.plan.vars,
        inventory: book.inventory.hosts.get(host)?.vars ?? new Map(),
        compile,
        values: withResults(values, learned),
        builtin: { host: () => ({ name: host }), env: () => ({ HOME: '/home/ann' }) },
      }),
    isFromHosts: () => false,
    validator: (module) => validators.get(module.name) ?? (() => []),
    moduleContext: (_, rendered, scope) => ({
      env: rendered.env,
      check,
      readFile: (path, kind) => book.files.read(path, { kind }),
      localSource: (path, kind) => book.files.locate(path, { kind }),
      renderText: (text, file) => {
        const { template, problems } = book.compiler.compileTemplate(text, { file, start: 0, end: text.length });
        if (!template) throw new ProblemError(problems);
        return template.renderText(scope);
      },
    }),
    controllerContext: (planned, rendered, scope) => ({
      ...context.moduleContext(planned, rendered, scope),
      host,
      evaluate: (condition) => {
        const { expression, problems } = book.compiler.compileExpression(condition, planned.task.args.locate());
        if (!expression) throw new ProblemError(problems);
        return expression.evaluate(scope);
      },
      localTarget: (path) => book.files.target(path),
      placeOf: (path) => planned.task.args.locate([...path]),
      ofHosts: async () => [],
      lookup: (name) => scope.get(name),
      signal: AbortSignal.abort(),
      secret: () => undefined,
      ask: () => Promise.reject(new Error('nobody is asked')),
    }),
  };
  return context;
}

/** What became of an item, in a word or two: `skipped: when: …`, `failed: …`, a message, or `step`. */
export function told(item: Item): string {
  if (item.kind !== 'done') return item.kind;
  const { result } = item;
  if (result.status === 'failed')
    return `failed: ${result.error.problems.map((each) => sentence(each).message).join('; ')}`;
  return result.status === 'result' ? (result.result.message ?? '') : `${result.status}: ${result.message}`;
}

/** The parameters of a step or of controller work, as the module gets them. */
export function paramsOf(item: Item | undefined): Value | undefined {
  return item && item.kind !== 'done' ? item.rendered.params : undefined;
}
