import type { Definition } from '../model/inventory.ts';
import type { Located } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import { unrendered, type ValueTemplate } from './value-template.ts';

/** An inventory variable compiled, or the reasons why it cannot be. */
export interface CompiledDefinition {
  value?: ValueTemplate;
  problems: Problem[];
}

/** The template of an inventory variable, for whoever renders it. Throws ProblemError. */
export function definitionTemplate(
  compiler: { compileDefinition(definition: Definition): CompiledDefinition },
  definition: Definition,
): ValueTemplate {
  const { value, problems } = compiler.compileDefinition(definition);
  if (!value) throw new ProblemError(problems);
  return value;
}

/** Compiles inventory variables, each definition once for all hosts that share it. Data is never a template. */
export function createDefinitions(
  compileValue: (located: Located<Value>) => CompiledDefinition,
): (definition: Definition) => CompiledDefinition {
  const known = new WeakMap<Definition, CompiledDefinition>();
  return (definition) => {
    let compiled = known.get(definition);
    if (!compiled) {
      compiled = compile(definition, compileValue);
      known.set(definition, compiled);
    }
    return compiled;
  };
}

function compile(
  definition: Definition,
  compileValue: (located: Located<Value>) => CompiledDefinition,
): CompiledDefinition {
  const { value, data, layer, at = { file: layer, start: 0, end: 0 }, locate = () => at } = definition;
  if (data || !holdsTemplate(value)) {
    return { value: unrendered(value), problems: [] };
  }
  return compileValue({ value, locate });
}

/** Whether a string anywhere in a value may be a template. */
function holdsTemplate(value: Value): boolean {
  if (typeof value === 'string') return value.includes('{{') || value.includes('{%');
  if (typeof value !== 'object' || value === null) return false;
  return (Array.isArray(value) ? value : Object.values(value)).some(holdsTemplate);
}
