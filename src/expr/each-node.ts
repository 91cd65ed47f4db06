import type { ASTNode } from './engine.ts';

/** Calls `use` for every node, parents first. */
export function eachNode(node: ASTNode, use: (node: ASTNode) => void): void {
  use(node);
  const children: unknown[] = Array.isArray(node.args) ? node.args.flat(2) : [node.args];
  for (const child of children)
    if (typeof child === 'object' && child !== null && 'op' in child) eachNode(child as ASTNode, use);
}
