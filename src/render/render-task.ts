import { omitted } from '../functions/omitted.ts';
import type { BothModule, ControllerModule, HostModule, ModuleContext } from '../model/module.ts';
import type { Resource } from '../model/resource.ts';
import type { SchemaIssue } from '../model/schema-issue.ts';
import type { Scope } from '../model/scope.ts';
import type { Span } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import type { PlannedTask } from '../plan/planned.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { isSqlText } from '../template/sql/sql-text.ts';

/** A task of one host (and one loop item) with all its texts filled in. */
export interface RenderedTask {
  planned: PlannedTask;
  params: Fields;
  env: Record<string, string>;
  cwd?: string;
}

/** Fills in a task's texts. Throws ProblemError, or what the scope throws for names that are not known yet. */
export function renderTask(
  planned: PlannedTask,
  scope: Scope,
  validate: (value: unknown) => SchemaIssue[],
): RenderedTask {
  const { params, written } = renderParams(planned, scope);
  if (!planned.isStatic) refuse(planned, written, validate(written));
  refuseGroups(planned, params);
  const cwd = planned.cwd?.render(scope);
  return {
    planned,
    params,
    env: environment(planned, scope),
    ...(cwd !== undefined && cwd !== omitted && { cwd: String(cwd) }),
  };
}

/** Parameters as the module takes them, without those that are `omit`; `written` has them as their schema describes them, shell text and conditions as the author wrote them. */
export function renderParams(planned: PlannedTask, scope: Scope): { params: Fields; written: Fields } {
  const params: Fields = {};
  const written: Fields = {};
  for (const param of planned.params) {
    const { name } = param;
    if (param.kind === 'value' || param.kind === 'sql') {
      const value = param.template.render(scope);
      if (value === omitted) continue;
      params[name] = value;
      written[name] = param.kind === 'sql' ? asWritten(value, param.source) : value;
      continue;
    }
    written[name] = param.written;
    if (param.kind === 'shell') {
      const { text, assign } = param.shell.render(scope);
      params[name] = { text, assign };
    } else params[name] = param.kind === 'words' ? param.words.render(scope).argv : param.written;
  }
  return { params, written };
}

/** A tree in which each SQL text is as the author wrote it: elsewhere the rendered value counts. */
function asWritten(value: Value, source: Value | undefined): Value {
  if (typeof value !== 'object' || value === null) return value;
  // Where the author wrote text and there is a mapping now, it is SQL, or a value that a template has put in.
  if (typeof source === 'string') return isSqlText(value) ? source : value;
  if (Array.isArray(value)) return value.map((item, i) => asWritten(item, (source as Value[] | undefined)?.[i]));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, asWritten(item, (source as Fields | undefined)?.[key])]),
  );
}

/** What a host module makes of the rendered parameters. */
export async function toResource(task: RenderedTask, context: ModuleContext): Promise<Resource> {
  const module = task.planned.module as HostModule;
  return module.resource(task.params as never, context);
}

/** The module, when the controller runs it, alone or with visits to the host. */
export function controllerModule({ module }: PlannedTask): ControllerModule | BothModule | undefined {
  return module.on === 'host' ? undefined : module;
}

/** Whether a task is instant and has no effect outside the run. */
export function isPure({ module }: PlannedTask): boolean {
  return module.on === 'controller' && module.pure;
}

function environment(planned: PlannedTask, scope: Scope): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, template] of planned.env) {
    const value = template.render(scope);
    if (value === omitted) continue;
    if (value !== null && typeof value === 'object') {
      throw new ProblemError(problem('E_ENV_VALUE', { name }, planned.task.source.locate(['env', name])));
    }
    env[name] = String(value);
  }
  return env;
}

function refuse(planned: PlannedTask, values: Fields, issues: SchemaIssue[]): void {
  if (issues.length === 0) return;
  const { task, module } = planned;
  throw new ProblemError(
    issues.map((issue) => {
      const missing = [...issue.path, String(issue.params['missingProperty'])];
      if (issue.keyword === 'required' && valueAt(task.args.value, missing) !== undefined) {
        const facts = { owner: module.name, param: missing.join('.') };
        return problem('E_OMIT_NEEDED', facts, task.args.locate(missing));
      }
      const at: Span = task.args.locate(issue.path);
      const value = valueAt(values, issue.path);
      return problem(
        'E_RENDERED_PARAM',
        { module: task.module, param: issue.path.join('.'), value: shown(value), expected: issue.message },
        at,
      );
    }),
  );
}

function valueAt(root: Value, path: readonly (string | number)[]): Value | undefined {
  return path.reduce<Value | undefined>((of, key) => (of as Record<string, Value> | undefined)?.[key], root);
}

/** Groups of parameters, of which more were written than there are now. */
function refuseGroups({ module, task, params: planned }: PlannedTask, params: Fields): void {
  if (Object.keys(params).length === planned.length) return;
  const given = (name: string): boolean => params[name] !== undefined;
  const at = task.args.locate();
  const problems = [
    ...(module.exclusive ?? [])
      .filter((names) => names.filter(given).length > 1)
      .map((names) => problem('E_PARAM_CONFLICT', { module: module.name, names: [...names] }, at)),
    ...(module.requireOne ?? [])
      .filter((names) => !names.some(given))
      .map((names) => problem('E_PARAM_ONE_OF', { module: module.name, names: [...names] }, at)),
  ];
  if (problems.length > 0) throw new ProblemError(problems);
}

function shown(value: Value | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
