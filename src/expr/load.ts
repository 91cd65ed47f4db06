import type { Sources } from '../model/span.ts';
import type { ExpressionCompiler } from './compile.ts';

/** Loads the CEL engine and makes a compiler; a playbook without expressions never pays for it. */
export async function loadExpressions(options: { sources?: Sources | undefined } = {}): Promise<ExpressionCompiler> {
  const { createExpressionCompiler } = await import('./compile.ts');
  return createExpressionCompiler(options);
}
