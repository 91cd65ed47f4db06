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
  const cwd = planned.cwd?.render(scope);
  return {
    planned,
    params,
    env: environment(planned, scope),
    ...(cwd !== undefined && { cwd: String(cwd) }),
  };
}

/** Parameters as the module takes them; `written` has them as their schema describes them, shell text and conditions as the author wrote them. */
export function renderParams(planned: PlannedTask, scope: Scope): { params: Fields; written: Fields } {
  const params: Fields = {};
  const written: Fields = {};
  for (const param of planned.params) {
    const { name } = param;
    if (param.kind === 'value') {
      params[name] = param.template.render(scope);
      written[name] = params[name];
      continue;
    }
    if (param.kind === 'sql') {
      params[name] = param.template.render(scope);
      written[name] = asWritten(params[name], param.source);
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
    if (value !== null && typeof value === 'object') {
      throw new ProblemError(problem('E_ENV_VALUE', { name }, planned.task.source.locate(['env', name])));
    }
    env[name] = String(value);
  }
  return env;
}

function refuse(planned: PlannedTask, values: Fields, issues: SchemaIssue[]): void {
  if (issues.length === 0) return;
  throw new ProblemError(
    issues.map((issue) => {
      const at: Span = planned.task.args.locate(issue.path);
      const value = issue.path.reduce<Value | undefined>(
        (of, key) => (of as Record<string, Value> | undefined)?.[key],
        values,
      );
      return problem(
        'E_RENDERED_PARAM',
        { module: planned.task.module, param: issue.path.join('.'), value: shown(value), expected: issue.message },
        at,
      );
    }),
  );
}

function shown(value: Value | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
