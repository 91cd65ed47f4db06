import type { Definition } from '../model/inventory.ts';
import type { Value } from '../model/value.ts';
import { unrendered } from '../plan/compile-vars.ts';
import type { Problem } from '../problems/problem.ts';
import type { TextCompiler, ValueTemplate } from '../template/text-compiler.ts';

/** An inventory variable compiled, or the reasons why it cannot be. */
export interface CompiledDefinition {
  value?: ValueTemplate;
  problems: Problem[];
}

/** Compiles inventory variables, each definition once for all hosts that share it. Data is never a template. */
export function createDefinitions(compiler: TextCompiler): (definition: Definition) => CompiledDefinition {
  const known = new WeakMap<Definition, CompiledDefinition>();
  return (definition) => {
    let compiled = known.get(definition);
    if (!compiled) {
      compiled = compile(definition, compiler);
      known.set(definition, compiled);
    }
    return compiled;
  };
}

function compile(definition: Definition, compiler: TextCompiler): CompiledDefinition {
  const { value, data, layer, at = { file: layer, start: 0, end: 0 } } = definition;
  if (data || !holdsTemplate(value)) {
    return { value: unrendered(value), problems: [] };
  }
  return compiler.compileValue({ value, locate: () => at });
}

/** Whether a string anywhere in a value may be a template. */
function holdsTemplate(value: Value): boolean {
  if (typeof value === 'string') return value.includes('{{') || value.includes('{%');
  if (typeof value !== 'object' || value === null) return false;
  return (Array.isArray(value) ? value : Object.values(value)).some(holdsTemplate);
}
