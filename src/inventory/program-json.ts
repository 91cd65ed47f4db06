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
  const at = faultPosition(text, error instanceof Error ? error.message : '');
  const line = text.slice(0, at).split('\n').length;
  const start = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - around);
  const [excerpt = ''] = text.slice(start, at + around).split('\n');
  return { line, excerpt: excerpt.trim() };
}

/** V8 tells the position, or ten characters on both sides of it, or that the text ended. */
function faultPosition(text: string, said: string): number {
  const position = /position (\d+)/.exec(said)?.[1];
  if (position !== undefined) return Number(position);
  if (said.startsWith('Unexpected end')) return text.trimEnd().length;
  const [, before, part = ''] = /, (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(said) ?? [];
  const found = part === '' ? -1 : text.indexOf(part);
  if (found >= 0 && before !== undefined) return found + Math.min(10, part.length);
  return text.length - text.trimStart().length;
}
