import type { Fields, Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { isFields, kindOf } from './draft.ts';

/** Characters of the output around the fault. */
const around = 60;

/** Reads the JSON object that a program printed; no output at all is an empty one, as in Ansible. */
export function readProgramJson(text: string, command: string): { value: Fields } | { problem: Problem } {
  if (text.trim() === '') return { value: {} };
  let value: Value;
  try {
    value = JSON.parse(text) as Value;
  } catch (error) {
    return { problem: problem('E_PROGRAM_JSON', { command, ...faultIn(text, error) }) };
  }
  if (isFields(value)) return { value };
  return {
    problem: problem('E_PROGRAM_SHAPE', {
      program: command,
      part: 'its output',
      wants: 'an object of groups',
      got: `is ${kindOf(value)}`,
    }),
  };
}

/** Where the JSON breaks: the line, and what stands around the place. */
function faultIn(text: string, error: unknown): { line: number; excerpt: string } {
  const said = error instanceof Error ? error.message : '';
  // V8 tells the position, or that the text ended.
  const found = /position (\d+)/.exec(said);
  const at = found ? Number(found[1]) : /^Unexpected end/.test(said) ? text.trimEnd().length : firstStrange(text);
  const line = text.slice(0, at).split('\n').length;
  const start = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - around);
  const [excerpt = ''] = text.slice(start, at + around).split('\n');
  return { line, excerpt: excerpt.trim() };
}

/** For messages without a position: the first place that is not white space. */
function firstStrange(text: string): number {
  return text.length - text.trimStart().length;
}
