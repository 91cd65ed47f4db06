import type { Reference } from '../expr/expression.ts';
import type { Place } from '../expr/place.ts';
import { functionNamed } from '../functions/catalogue.ts';
import type { Node, Operand, PathOperand } from './nodes.ts';

/** What is bound at a point of the tree. */
interface Here {
  /** Inside `{{#each}}` or `{{#with}}`, where a field of the item may hide any name. */
  inItem: boolean;
  /** Names from `as |item|`. */
  bound: ReadonlySet<string>;
  /** How many blocks with an item are around: as many `../` lead out of them. */
  depth: number;
  /** Below `{{default …}}`. */
  lenient: boolean;
  /** Paths that a `{{#if= has(…)}}` around has shown to exist. */
  known: readonly string[][];
}

/** Every name that a template reads from its scope. */
export function referencesIn(nodes: readonly Node[], place: Place): Reference[] {
  const found: Reference[] = [];
  visit(nodes, { inItem: false, bound: new Set(), depth: 0, lenient: false, known: [] }, place, found);
  return found;
}

function visit(nodes: readonly Node[], here: Here, place: Place, found: Reference[]): void {
  for (const node of nodes) {
    if (node.kind === 'value') operand(node.operand, here, place, found);
    else if (node.kind === 'if') {
      operand(node.test, here, place, found);
      visit(node.yes, knowing(here, node.test, !node.negated), place, found);
      visit(node.no, knowing(here, node.test, node.negated), place, found);
    } else if (node.kind !== 'text') {
      operand(node.over, here, place, found);
      const bound = new Set([...here.bound, ...node.params]);
      visit(node.body, { ...here, inItem: true, bound, depth: here.depth + 1 }, place, found);
      visit(node.otherwise, here, place, found);
    }
  }
}

function knowing(here: Here, test: Operand, outcome: boolean): Here {
  const proven = test.kind === 'expression' ? test.embedded.expression.proves(outcome) : [];
  return proven.length > 0 ? { ...here, known: [...here.known, ...proven] } : here;
}

function isKnown({ known }: Here, root: string, path: readonly string[]): boolean {
  return known.some((proven) => proven.every((name, i) => (i === 0 ? root : path[i - 1]) === name));
}

function operand(one: Operand, here: Here, place: Place, found: Reference[]): void {
  if (one.kind === 'path') path(one, here, place, found);
  else if (one.kind === 'call') {
    for (const [i, arg] of one.args.entries()) {
      operand(arg, { ...here, lenient: here.lenient || isLenient(one.helper, i) }, place, found);
    }
  } else if (one.kind === 'expression') {
    const { expression, from, usesLoopData } = one.embedded;
    for (const reference of expression.references) {
      const isLoopData = usesLoopData && /^_(?:index|key|first|last)$/.test(reference.root);
      const isThis = here.inItem && reference.root === 'this';
      if (isLoopData || isThis || here.bound.has(reference.root)) continue;
      const { start, end } = reference.range;
      const range = { start: start + from, end: end + from };
      const guarded = reference.guarded || here.inItem || isKnown(here, reference.root, reference.path);
      found.push({ ...reference, range, guarded });
    }
  }
}

/** Whether a value of a call may be missing, as the first one of `{{default x y}}`. */
function isLenient(name: string, place: number): boolean {
  const params = Object.values(functionNamed(name)?.params ?? {});
  return params[place]?.lenient === true;
}

function path(one: PathOperand, here: Here, place: Place, found: Reference[]): void {
  if (one.scoped || one.data || one.parts.length === 0) return;
  const [first = '', ...rest] = one.parts;
  const throughVars = first === 'vars' && !here.bound.has('vars') && rest.length > 0;
  if (!throughVars && here.bound.has(first) && one.depth === 0) return;
  const [root = '', ...fields] = throughVars ? rest : one.parts;
  const { start, end } = one.range;
  const isHidden = here.inItem && !throughVars && one.depth < Math.max(1, here.depth);
  const guarded = here.lenient || isHidden || isKnown(here, root, fields);
  found.push({ root, path: fields, range: { start, end }, at: place(start, end), guarded });
}
