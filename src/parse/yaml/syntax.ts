import type { YAMLError } from 'yaml';
import type { Span } from '../../model/span.ts';
import { type Problem, problem } from '../../problems/problem.ts';

/**
 * Puts the library's complaints into our words. Only the first broken place is told, because what follows is mostly its consequence;
 * bad escapes are independent of each other and all told.
 */
export function syntaxProblems(file: string, text: string, errors: readonly YAMLError[]): Problem[] {
  const told = errors.filter((error) => error.code !== 'TAG_RESOLVE_FAILED').sort((a, b) => a.pos[0] - b.pos[0]);
  const escapes = told.filter((error) => error.code === 'BAD_DQ_ESCAPE');
  const first = told.find((error) => error.code !== 'BAD_DQ_ESCAPE');
  const shown = first ? [...escapes.filter((error) => error.pos[0] < first.pos[0]), first] : escapes;
  return shown.map((error) => describe({ file, text, error }));
}

interface Place {
  file: string;
  text: string;
  error: YAMLError;
}

function describe(place: Place): Problem {
  const { file, text, error } = place;
  const [start, end] = error.pos;
  const at: Span = { file, start, end: Math.max(start, Math.min(end, text.length)) };
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return tab(file, text, start) ?? problem('E_YAML_TAB', {}, at);
    case 'BAD_DQ_ESCAPE':
      return problem('E_YAML_ESCAPE', { escape: text.slice(start, start + 2) }, { file, start, end: start + 2 });
    default:
      return problem('E_YAML_SYNTAX', { detail: `${error.message[0]?.toLowerCase()}${error.message.slice(1)}` }, at);
  }
}

function tab(file: string, text: string, offset: number): Problem | undefined {
  const start = text.indexOf('\t', offset);
  return start === -1 ? undefined : problem('E_YAML_TAB', {}, { file, start, end: start + 1 });
}
