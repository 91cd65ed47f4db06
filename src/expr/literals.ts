import { functionNamed } from '../functions/catalogue.ts';
import { FunctionError } from '../functions/function.ts';
import { take } from '../functions/kinds.ts';
import { PatternError } from '../functions/pattern.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { eachNode } from './each-node.ts';
import type { ASTNode, Engine } from './engine.ts';
import type { Place } from './place.ts';

/** Patterns, times and durations that are written out are checked before they are used. */
export function literalProblems(ast: ASTNode, { engine, place }: { engine: Engine; place: Place }): Problem[] {
  const problems: Problem[] = [];
  eachNode(ast, (node) => {
    if (node.op !== 'call' && node.op !== 'rcall') return;
    const definition = functionNamed(engine.names.reveal(node.args[0]));
    if (!definition || definition.cel !== undefined) return;
    const args = node.op === 'rcall' ? [node.args[1], ...node.args[2]] : node.args[1];
    for (const [i, [name, param]] of Object.entries(definition.params).entries()) {
      const arg = args[i];
      if (arg?.op !== 'value' || typeof arg.args !== 'string' || !CHECKED.has(param.kind)) continue;
      try {
        take(arg.args, param, { name, first: i === 0 });
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error;
        const at = place(arg.start, arg.end);
        const detail = error.message;
        problems.push(
          error instanceof PatternError
            ? problem('E_EXPR_REGEX', { detail }, at)
            : problem('E_EXPR_TYPE', { detail: `${definition.name}(): ${detail}`, advice: undefined }, at),
        );
      }
    }
  });
  return problems;
}

const CHECKED = new Set<unknown>(['pattern', 'time', 'duration']);
