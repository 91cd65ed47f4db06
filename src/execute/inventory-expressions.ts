import { isMissing } from '../expr/missing.ts';
import type { ExpressionsOf, HostExpressions, Outcome } from '../inventory/construct.ts';
import type { Definition } from '../model/inventory.ts';
import type { Scope } from '../model/scope.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { createScope, NotYet } from '../render/scope.ts';
import { definitionTemplate } from '../template/definitions.ts';
import type { TextCompiler, ValueTemplate } from '../template/text-compiler.ts';
import { type ConnectionsOptions, createConnections } from './connections.ts';

/** What is needed beside the inventory. */
export type HostScopesOptions = Omit<ConnectionsOptions, 'overrides'>;

/** What each host's templates see before any task: its variables, `host`, `hosts`, `groups` and `env`, and Ansible's names for the host itself. */
export function createHostScopes(options: HostScopesOptions): (host: string) => Scope {
  const { compiler, inventory } = options;
  const connections = createConnections({ ...options, overrides: {} });
  const compile = (definition: Definition): ValueTemplate => definitionTemplate(compiler, definition);
  const known = new Map<string, Scope>();
  return (name) => {
    const made = known.get(name);
    if (made) return made;
    const { host, values, builtin } = connections.of(name);
    const groups = inventory.hosts.get(name)?.groups.filter((group) => group !== 'all') ?? [];
    const locals = {
      inventory_hostname: name,
      inventory_hostname_short: name.split('.')[0] ?? name,
      group_names: groups,
    };
    const scope = createScope({ locals, inventory: host.vars, compile, values, builtin });
    known.set(name, scope);
    return scope;
  };
}

/** Evaluates the expressions of constructed groups: CEL, over what each host's templates see. */
export function createInventoryExpressions(options: Omit<HostScopesOptions, 'inventory'>): ExpressionsOf {
  return async (inventory) => {
    await options.compiler.load();
    return hostExpressions(options.compiler, createHostScopes({ ...options, inventory }));
  };
}

function hostExpressions(compiler: TextCompiler, scopeOf: (host: string) => Scope): HostExpressions {
  return {
    compile(text, at) {
      const { expression, problems } = compiler.compileExpression(text, at);
      if (!expression) return { problems };
      return { problems, evaluate: (host) => outcome(() => expression.evaluate(scopeOf(host)), { host, at }) };
    },
  };
}

function outcome(evaluate: () => ReturnType<Scope['get']>, { host, at }: { host: string; at: Problem['at'] }): Outcome {
  try {
    return { value: evaluate() ?? null };
  } catch (error) {
    if (error instanceof ProblemError) return { missing: isMissing(error), problems: error.problems };
    if (!(error instanceof NotYet)) throw error;
    return { missing: false, problems: [problem('E_TARGET_FACTS', { host, setting: 'a constructed group' }, at)] };
  }
}
