import type { FunctionContext } from '../model/function-context.ts';
import type { Scope } from '../model/scope.ts';
import type { Sources, Span } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { FactsOf } from '../problems/words/index.ts';
import { contextFor } from './context.ts';
import { eachNode } from './each-node.ts';
import { type ASTNode, createEngine, type EngineFault, engineFault, type ParseResult } from './engine.ts';
import type { CompiledExpression, Expression, Locals, Reference } from './expression.ts';
import { type FaultContext, faultProblem } from './faults.ts';
import { literalProblems } from './literals.ts';
import { type Place, placeIn } from './place.ts';
import { plain } from './plain.ts';
import { provenBy, referencesIn } from './references.ts';
import { rewriteFix } from './rewrite-fix.ts';
import { bracesIn, syntaxProblem } from './syntax.ts';

/** Compiles CEL text. Make one per run: the engine's set-up is shared by everything it compiles. */
export interface ExpressionCompiler {
  /** An expression inside other text; `place` turns offsets in it into places of its file. */
  compile(text: string, place: Place): CompiledExpression;
  /** A text that is an expression, where braces are a mistake. */
  compileExpression(text: string, at: Span): CompiledExpression;
}

/** Sets a compiler up. With `sources`, places are exact in texts that YAML escaped or indented. */
export function createExpressionCompiler(options: { sources?: Sources | undefined } = {}): ExpressionCompiler {
  const engine = createEngine();
  const compile = (text: string, place: Place): CompiledExpression => {
    let parsed: ParseResult;
    try {
      parsed = engine.parse(text);
    } catch (error) {
      return { problems: [syntaxProblem(faultOf(error), text, place)] };
    }
    const { ast } = parsed;
    const problems = [...takenNames(ast, engine.isTaken, place), ...literalProblems(ast, { engine, place })];
    if (problems.length > 0) return { problems };
    const context: FaultContext = { engine, text, place, ast };
    const checked = parsed.check();
    if (checked.error) return { problems: [faultProblem(faultOf(checked.error), context)] };
    const found = referencesIn(ast);
    const contextOf = contextFor(found);
    const asksStore = STORE_CALL.test(text);
    const expression: Expression = {
      text,
      type: checked.type ?? 'dyn',
      proves: (outcome) => provenBy(ast, outcome),
      references: found.map(({ throughVars: _, ...reference }) => ({
        ...reference,
        at: place(reference.range.start, reference.range.end),
      })),
      evaluate: (scope: Scope, locals?: Locals) => {
        try {
          const { taint, functionContext } = scope;
          const given: Value[] = [];
          const around = asksStore && functionContext ? noting(functionContext, given) : functionContext;
          const result = plain(engine.run(parsed, contextOf(scope, locals), around));
          if (taint && !taint.isEmpty())
            taint.derive(result, text, () => [...given, ...readBy(found, withLocals(scope, locals))]);
          return result;
        } catch (error) {
          if (error instanceof ProblemError) {
            const whole = place(text.length - text.trimStart().length, text.trimEnd().length);
            throw new ProblemError(error.problems.map((each) => ({ ...each, at: each.at ?? whole })));
          }
          throw new ProblemError(faultProblem(faultOf(error), { ...context, scope: withLocals(scope, locals) }));
        }
      },
    };
    return { expression, problems: [] };
  };
  const compileExpression = (text: string, at: Span): CompiledExpression => {
    const place = placeIn(text, at, options.sources);
    const braces = bracesIn(text, place);
    const compiled = braces ? { problems: [braces] } : compile(text, place);
    return { ...compiled, problems: compiled.problems.map((each) => rewritable(each, text, at)) };
  };
  /** Adds the fix where the rewritten line is an expression. */
  const rewritable = (one: Problem, text: string, at: Span): Problem => {
    if (one.code !== 'E_EXPR_JINJA' && one.code !== 'E_EXPR_BRACES') return one;
    // What `not` reaches is not the same in both languages.
    if (/\bnot\s+(?!in\b)[^()]*(?:[=!<>]|\bin\b)/.test(text)) return one;
    const { rewritten } = one.facts as FactsOf<'E_EXPR_JINJA'>;
    const replaced = JINJA_WORDS_ONLY.test(rewritten) ? undefined : rewritten;
    if (replaced === undefined || compile(replaced, placeIn(replaced, at)).problems.length > 0) return one;
    const fix = rewriteFix({ text, at, rewritten: replaced, sources: options.sources });
    return fix ? { ...one, fix } : one;
  };
  return { compile, compileExpression };
}

/** The values that an expression reads, as far down as its text says. */
function readBy(references: readonly Pick<Reference, 'root' | 'path'>[], scope: Scope): Value[] {
  return references.flatMap(({ root, path }) => {
    const value = path.reduce<Value | undefined>(
      (of, key) => (typeof of === 'object' && of !== null ? (of as Fields)[key] : undefined),
      root === 'vars' ? undefined : scope.get(root),
    );
    return value === undefined ? [] : [value];
  });
}

/** A call that gives a secret, which no name that the expression reads tells of. */
const STORE_CALL = /\b(?:ssm|secret)\s*\(/;

/** Notes what stores of AWS give: what is made of that is a secret, too. */
function noting(context: FunctionContext, given: Value[]): FunctionContext {
  const stored: FunctionContext['stored'] = (use) => {
    const value = context.stored(use);
    given.push(value);
    return value;
  };
  return Object.assign(Object.create(context) as FunctionContext, { stored });
}

/** For messages: what the expression saw. */
function withLocals(scope: Scope, locals: Locals | undefined): Scope {
  return locals ? { ...scope, get: (name) => locals(name) ?? scope.get(name) } : scope;
}

/** What the engine threw; anything else is a bug of ours and goes on. */
function faultOf(error: unknown): EngineFault {
  const fault = engineFault(error);
  if (!fault) throw error;
  return fault;
}

/** Types are values in CEL; beside `type(x) ==` they are a variable's name that the author did not get. */
function takenNames(ast: ASTNode, isTaken: (name: string) => boolean, place: Place): Problem[] {
  const typed = new Set<ASTNode>();
  const problems: Problem[] = [];
  const bound = new Set<string>();
  eachNode(ast, (node) => {
    if (node.op === '==' || node.op === '!=') {
      const [left, right] = node.args;
      if (isTypeCall(left)) typed.add(right);
      if (isTypeCall(right)) typed.add(left);
    }
    if (node.op === 'rcall') {
      const [name, receiver, args] = node.args;
      const isNamespace = receiver.op === 'id' && (receiver.args === 'optional' || receiver.args === 'cel');
      if (isNamespace && /^(?:none|of|bind)$/.test(name)) typed.add(receiver);
      if (args[0]?.op === 'id' && args.length > 1) bound.add(args[0].args);
    }
    if (node.op !== 'id' || typed.has(node) || bound.has(node.args)) return;
    if (isTaken(node.args) || JINJA_WORDS.has(node.args)) {
      const at = place(node.start, node.end);
      const lower = node.args.toLowerCase();
      if (!JINJA_WORDS.has(node.args)) problems.push(problem('E_EXPR_RESERVED', { name: node.args }, at));
      else problems.push(problem('E_EXPR_JINJA', { rewritten: lower === 'none' ? 'null' : lower }, at));
    }
  });
  return problems;
}

/** What stands for a single word, not for all of the text. */
const JINJA_WORDS_ONLY = /^(?:true|false|null)$/;

const JINJA_WORDS = new Set(['True', 'False', 'None']);

function isTypeCall(node: ASTNode): boolean {
  return node.op === 'call' && node.args[0] === 'type';
}
