import type { Span } from '../model/span.ts';
import { problem } from '../problems/problem.ts';
import { assign } from './assign.ts';
import type { Assignment, Draft } from './draft.ts';
import { type IniLine, iniDefinition, spanIn } from './ini-line.ts';

/** A line of a section, and the group that the section names. */
export interface SectionLine {
  draft: Draft;
  group: string;
  line: IniLine;
}

/** Reads `key = value` of `[group:vars]`: no shell quoting here, the value goes to the end of the line. */
export function readVarsLine({ draft, group, line }: SectionLine): Assignment[] {
  const { text } = line;
  const sign = text.indexOf('=');
  if (sign < 1) {
    const yaml = /^[\w-]+\s*:(?:\s|$)/.test(text);
    draft.problems.push(problem('E_INI_VAR', { written: text, group, yaml }, spanIn(line)));
    return [];
  }
  const name = text.slice(0, sign).trimEnd();
  const value = text.slice(sign + 1).trim();
  const start = text.length - text.slice(sign + 1).trimStart().length;
  const at = value === '' ? spanIn(line, sign, sign + 1) : spanIn(line, start);
  const definition = iniDefinition({ name, text: value, layer: `group ${group}`, at });
  return assign({ name, definition, key: () => spanIn(line, 0, name.length) }, draft.problems);
}

/** Reads the name of a group in `[group:children]`. */
export function readChildLine({ draft, group, line }: SectionLine): { name: string; at: Span } | undefined {
  const found = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line.text);
  const name = found?.[1];
  if (name !== undefined) return { name, at: spanIn(line, 0, name.length) };
  draft.problems.push(problem('E_INI_CHILD', { written: line.text, group }, spanIn(line)));
  return undefined;
}
