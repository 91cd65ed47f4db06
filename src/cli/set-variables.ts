import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Sources } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { variableNameFault } from '../parse/names.ts';
import { readYaml } from '../parse/yaml.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';

/** The variables that `--set` gives: stronger than all others, and data that is never rendered. */
export function readSetVariables(
  given: readonly string[],
  { cwd, sources }: { cwd: string; sources: Sources },
): { set: ReadonlyMap<string, Value>; problems: Problem[] } {
  const set = new Map<string, Value>();
  const problems: Problem[] = [];
  const take = (name: string, value: Value): void => {
    const fault = variableNameFault(name);
    if (fault) problems.push(problem('E_VAR_NAME', { name, ...fault }));
    else set.set(name, value);
  };
  for (const text of given) {
    if (text.startsWith('@')) {
      for (const [name, value] of Object.entries(readFile(text.slice(1), { cwd, sources, problems })))
        take(name, value);
      continue;
    }
    const [, name, written = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined) problems.push(problem('E_SET_PAIR', { text }));
    else take(name, readValue(written, { name, problems }));
  }
  return { set, problems };
}

/**
 * A number, `true`, `false`, `null`, a list in `[ ]` or a mapping in `{ }` is read as YAML, where a number keeps its text if it would not
 * come back the same (`1.10`); everything else is text as it stands.
 */
function readValue(written: string, { name, problems }: { name: string; problems: Problem[] }): Value {
  if (!/^(?:\[|\{(?!\{)|[-+.0-9]|true$|false$|null$)/.test(written)) return written;
  const { root, problems: wrong } = readYaml({ file: `--set ${name}`, text: written, sources: new Map() });
  if (root) return root.value;
  const isStructure = /^[[{]/.test(written);
  if (isStructure) problems.push(problem('E_SET_VALUE', { name, reason: wrong[0] ? 'it is no YAML' : 'it is empty' }));
  return written;
}

function readFile(
  path: string,
  { cwd, sources, problems }: { cwd: string; sources: Sources; problems: Problem[] },
): Record<string, Value> {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    problems.push(problem('E_SET_FILE', { path, reason: fileReason(error) }));
    return {};
  }
  const { root, problems: wrong } = readYaml({ file: path, text, sources });
  problems.push(...wrong);
  if (!root || root.value === null) return {};
  if (typeof root.value === 'object' && !Array.isArray(root.value)) return root.value;
  problems.push(problem('E_SET_FILE', { path, reason: 'it holds no mapping' }));
  return {};
}
