import type { ASTNode } from './engine.ts';

/** A reference as the tree knows it, without a file. */
export interface TreeReference {
  root: string;
  path: string[];
  /** Written as `vars.NAME`. */
  throughVars: boolean;
  range: { start: number; end: number };
  guarded: boolean;
}

/** Methods whose first argument names the item that the others see. */
const COMPREHENSIONS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** What is bound and what is known to be there at a point of the tree. */
interface Here {
  bound: ReadonlySet<string>;
  /** Paths that a `has()` on the way has shown to exist. */
  known: readonly string[][];
}

/** Every name an expression reads. */
export function referencesIn(ast: ASTNode): TreeReference[] {
  const found: TreeReference[] = [];
  visit(ast, { bound: new Set(), known: [] }, found);
  return found;
}

/** The paths that must exist (as `has()` asks) when an expression gave `outcome`, without a leading `vars`. */
export function provenBy(ast: ASTNode, outcome: boolean): string[][] {
  return shown(ast, outcome).map((path) => (path[0] === 'vars' ? path.slice(1) : path));
}

/** A chain of fields down to what it starts from: `a.b[0]["c"]`. */
export interface Chain {
  base: ASTNode;
  path: string[];
  /** The path up to here must exist; what follows may be missing (`.?`). */
  required: number;
  /** Computed indexes, and the place up to which the path is static. */
  computed: ASTNode[];
  end: number;
}

/** Reads a chain of field accesses; the path stops at the first computed index. */
export function chainOf(node: ASTNode): Chain {
  if (node.op === '.' || node.op === '.?') {
    const [left, name] = node.args;
    return extend(chainOf(left), name, node.op === '.?', node.end);
  }
  if (node.op === '[]' || node.op === '[?]') {
    const [left, index] = node.args;
    const chain = chainOf(left);
    const literal = index.op === 'value' ? index.args : undefined;
    if (typeof literal === 'string' || typeof literal === 'bigint')
      return extend(chain, String(literal), node.op === '[?]', node.end);
    return { ...chain, computed: [...chain.computed, index] };
  }
  return { base: node, path: [], required: 0, computed: [], end: node.end };
}

function extend(chain: Chain, name: string, optional: boolean, end: number): Chain {
  if (chain.computed.length > 0) return chain;
  const path = [...chain.path, name];
  const wasRequired = chain.required === chain.path.length;
  return { ...chain, path, required: wasRequired && !optional ? path.length : chain.required, end };
}

function visit(node: ASTNode, here: Here, found: TreeReference[]): void {
  switch (node.op) {
    case 'value':
      break;
    case 'id':
    case '.':
    case '.?':
    case '[]':
    case '[?]':
      visitChain(chainOf(node), here, found);
      break;
    case 'call':
      visitCall(node.args[0], node.args[1], here, found);
      break;
    case 'rcall':
      visitMethod(node.args[0], node.args[1], node.args[2], here, found);
      break;
    case 'map':
      for (const item of node.args.flat()) visit(item, here, found);
      break;
    case '?:': {
      const [test, yes, no] = node.args;
      visit(test, here, found);
      visit(yes, knowing(here, shown(test, true)), found);
      visit(no, knowing(here, shown(test, false)), found);
      break;
    }
    case '&&':
    case '||': {
      const [left, right] = node.args;
      visit(left, here, found);
      visit(right, knowing(here, shown(left, node.op === '&&')), found);
      break;
    }
    case '!_':
    case '-_':
      visit(node.args, here, found);
      break;
    default:
      for (const side of node.args) visit(side, here, found);
  }
}

function visitChain(chain: Chain, here: Here, found: TreeReference[]): void {
  for (const index of chain.computed) visit(index, here, found);
  if (chain.base.op !== 'id') {
    visit(chain.base, here, found);
    return;
  }
  if (here.bound.has(chain.base.args)) return;
  const full = [chain.base.args, ...chain.path];
  const range = { start: chain.base.start, end: chain.end };
  const known = here.known.some((path) => path.every((name, i) => full[i] === name));
  const needed = full.slice(0, 1 + chain.required);
  const isWhole = needed.length === full.length;
  // What `.?` or has() only asks about is guarded; what stands before it must be there.
  if (!isWhole && !(needed.length === 1 && needed[0] === 'vars'))
    found.push({ ...named(needed), range, guarded: known });
  found.push({ ...named(full), range, guarded: known || !isWhole });
}

function visitCall(name: string, args: ASTNode[], here: Here, found: TreeReference[]): void {
  const [first] = args;
  if (name === 'has' && first) {
    const chain = chainOf(first);
    visitChain({ ...chain, required: Math.min(chain.required, Math.max(0, chain.path.length - 1)) }, here, found);
  } else for (const arg of args) visit(arg, here, found);
}

function visitMethod(name: string, receiver: ASTNode, args: ASTNode[], here: Here, found: TreeReference[]): void {
  const [variable, ...rest] = args;
  const binds = name === 'bind' && receiver.op === 'id' && receiver.args === 'cel';
  if (variable?.op === 'id' && (binds || (COMPREHENSIONS.has(name) && rest.length > 0))) {
    if (!binds) visit(receiver, here, found);
    const inner = { ...here, bound: new Set([...here.bound, variable.args]) };
    for (const [i, arg] of rest.entries()) visit(arg, binds && i === 0 ? here : inner, found);
    return;
  }
  if (!(receiver.op === 'id' && receiver.args === 'optional')) visit(receiver, here, found);
  for (const arg of args) visit(arg, here, found);
}

function named(full: string[]): { root: string; path: string[]; throughVars: boolean } {
  const throughVars = full[0] === 'vars';
  const [root = '', ...path] = throughVars && full.length > 1 ? full.slice(1) : full;
  return { root, path, throughVars };
}

function knowing(here: Here, more: string[][]): Here {
  return more.length > 0 ? { ...here, known: [...here.known, ...more] } : here;
}

/** Paths that exist when a test gave `outcome`. */
function shown(test: ASTNode, outcome: boolean): string[][] {
  if (test.op === 'call' && test.args[0] === 'has' && outcome) {
    const [asked] = test.args[1];
    const chain = asked && chainOf(asked);
    return chain?.base.op === 'id' ? [[chain.base.args, ...chain.path]] : [];
  }
  if (test.op === '!_') return shown(test.args, !outcome);
  if (test.op === '&&' && outcome) return test.args.flatMap((side) => shown(side, true));
  if (test.op === '||' && !outcome) return test.args.flatMap((side) => shown(side, false));
  return [];
}
