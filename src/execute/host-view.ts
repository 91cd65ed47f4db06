import type { Definition } from '../model/inventory.ts';
import type { ControllerContext, ModuleContext } from '../model/module.ts';
import type { Scope } from '../model/scope.ts';
import type { Fields } from '../model/value.ts';
import type { PlannedPlay, PlannedTask } from '../plan/planned.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import type { RenderContext } from '../render/render-group.ts';
import type { RenderedTask } from '../render/render-task.ts';
import { createScope, withResults } from '../render/scope.ts';
import type { ValueTemplate } from '../template/text-compiler.ts';
import type { HostRun, RunContext } from './context.ts';

/** How one host's tasks of one play are filled in: scopes, and what modules may reach. */
export function hostView(run: RunContext, play: PlannedPlay, host: HostRun): RenderContext {
  const compile = (definition: Definition): ValueTemplate => {
    const { value, problems } = run.compiler.compileDefinition(definition);
    if (!value) throw new ProblemError(problems);
    return value;
  };
  const scope = (planned: PlannedTask, locals: Fields, learned: Fields = {}): Scope =>
    createScope({
      locals,
      taskVars: planned.vars,
      playVars: play.vars,
      bookVars: run.plan.vars,
      inventory: host.host.vars,
      compile,
      values: withResults(host.values, learned),
      builtin: host.builtin,
      functionContext: run.functionContext(host.host.name),
    });
  const moduleContext = (planned: PlannedTask, rendered: RenderedTask, at: Scope): ModuleContext => ({
    env: rendered.env,
    ...(rendered.cwd !== undefined && { cwd: rendered.cwd }),
    check: run.check && planned.task.checkMode !== false,
    readFile: (path, kind) => run.files.read(path, kind),
    renderText(text, file) {
      const { template, problems } = run.compiler.compileTemplate(text, {
        file: run.files.found(file, 'templates'),
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
    scope,
    validator: run.validator,
    moduleContext,
    controllerContext(planned, rendered, at): ControllerContext {
      return {
        ...moduleContext(planned, rendered, at),
        host: host.host.name,
        evaluate(condition) {
          const span = planned.task.args.locate();
          const { expression, problems } = run.compiler.compileExpression(condition, span);
          if (!expression) throw new ProblemError(problems);
          return expression.evaluate(at);
        },
        lookup: (name) => at.get(name),
        signal: run.stopping,
        ask: async (question, options) => {
          if (!run.ask) throw new ProblemError(problem('E_NO_TERMINAL', { question }, planned.task.source.locate()));
          return run.ask(question, options);
        },
      };
    },
  };
}
