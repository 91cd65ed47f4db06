import type { Definition } from '../model/inventory.ts';
import type { ControllerContext, ModuleContext } from '../model/module.ts';
import type { Scope } from '../model/scope.ts';
import type { Fields } from '../model/value.ts';
import type { PlannedPlay, PlannedReader, PlannedTask } from '../plan/planned.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { isFromHosts } from '../render/is-from-hosts.ts';
import type { RenderContext } from '../render/render-group.ts';
import type { RenderedTask } from '../render/render-task.ts';
import { createScope, withResults } from '../render/scope.ts';
import { definitionTemplate } from '../template/definitions.ts';
import type { ValueTemplate } from '../template/text-compiler.ts';
import type { HostRun, RunContext } from './context.ts';
import { type Frame, framesOf, idWithin } from './cursor.ts';
import { valuesOfHosts } from './values-of-hosts.ts';

/** How one host's tasks of one play are filled in at each place: scopes, and what modules may reach. */
export function hostViews(
  run: RunContext,
  play: PlannedPlay,
  host: HostRun,
): (frame: Frame | undefined) => RenderContext {
  const known = new WeakMap<Frame, RenderContext>();
  const outermost = hostView({ run, play, host, frame: undefined });
  return (frame) => {
    if (!frame) return outermost;
    const view = known.get(frame) ?? hostView({ run, play, host, frame });
    known.set(frame, view);
    return view;
  };
}

function hostView({
  run,
  play,
  host,
  frame,
}: {
  run: RunContext;
  play: PlannedPlay;
  host: HostRun;
  frame: Frame | undefined;
}): RenderContext {
  const compile = (definition: Definition): ValueTemplate => definitionTemplate(run.compiler, definition);
  const frames = framesOf(frame);
  const role = frames.findLast(({ scope }) => scope.values);
  const values = role?.scope.values ?? host.values;
  const scopeOf = (planned: PlannedReader, locals: Fields, more: { learned?: Fields; heard?: () => void }): Scope => {
    const own = withResults(values, more.learned ?? {});
    return createScope({
      locals,
      heard: more.heard,
      taskVars: planned.vars,
      frames: frames.map((each) => (each === role ? { ...each.scope, values: own } : each.scope)),
      playVars: play.vars,
      bookVars: run.plan.vars,
      set: run.plan.set,
      inventory: host.host.vars,
      compile,
      values: role ? host.values : own,
      builtin: host.builtin,
      taint: run.secrets,
      functionContext: run.functionContext(host.host.name),
    });
  };
  const folder = role?.body.body.role?.dir;
  const moduleContext = (planned: PlannedTask, rendered: RenderedTask, at: Scope): ModuleContext => ({
    env: rendered.env,
    ...(rendered.cwd !== undefined && { cwd: rendered.cwd }),
    check: run.check && planned.task.checkMode !== false,
    readFile: (path, kind) => run.files.read(path, { kind, ...(folder !== undefined && { folder }) }),
    localSource: (path, kind) => run.files.locate(path, { kind, ...(folder !== undefined && { folder }) }),
    renderText(text, file) {
      const { template, problems } = run.compiler.compileTemplate(text, {
        file: run.files.found(file, { kind: 'templates', ...(folder !== undefined && { folder }) }),
        start: 0,
        end: text.length,
      });
      if (!template) throw new ProblemError(problems);
      return template.renderText(at);
    },
  });
  return {
    host: host.host.name,
    check: run.check,
    values,
    idOf: (id) => idWithin(id, frame),
    scope: (planned, locals, learned = {}) => scopeOf(planned, locals, { learned }),
    isFromHosts: (planned, locals, param) =>
      isFromHosts(planned, param, (heard) => ({
        task: scopeOf(planned, {}, { heard }),
        item: scopeOf(planned, locals, { heard }),
      })),
    validator: run.validator,
    moduleContext,
    controllerContext(planned, rendered, at): ControllerContext {
      return {
        ...moduleContext(planned, rendered, at),
        host: host.host.name,
        localTarget: (path) => run.files.target(path),
        evaluate(condition) {
          const span = planned.task.args.locate();
          const { expression, problems } = run.compiler.compileExpression(condition, span);
          if (!expression) throw new ProblemError(problems);
          return expression.evaluate(at);
        },
        ofHosts: (expressions) =>
          valuesOfHosts(expressions, {
            run,
            play,
            planned,
            scopeOf: (other) => hostView({ run, play, host: other, frame: undefined }).scope(planned, {}),
          }),
        placeOf: (path) => planned.task.args.locate([...path]),
        lookup: (name) => at.get(name),
        signal: run.stopping,
        secret: (value) => run.secrets.add(value),
        ask: async (question, options) => {
          if (!run.ask) throw new ProblemError(problem('E_NO_TERMINAL', { question }, planned.task.source.locate()));
          return run.ask(question, options);
        },
      };
    },
  };
}
