import type { Span } from '../model/span.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { type IniLine, spanIn } from './ini-line.ts';
import { isIPv6 } from './names.ts';

const kinds = ['hosts', 'children', 'vars'] as const;

/** A section of an INI inventory: what the lines below it are. */
export interface IniSection {
  name: string;
  kind: (typeof kinds)[number];
}

/** Whether a line begins a section; `[::1]:22` and `[1:3].example.com` are hosts. */
export function startsSection({ text }: IniLine): boolean {
  if (!text.startsWith('[')) return false;
  const [, inner = '', behind = ''] = /^\[([^\]]*)\](\S*)/.exec(text) ?? [];
  const isHost = isIPv6(inner) || (behind !== '' && !/^[#;[]/.test(behind) && /^\w*:\w+(?::\w+)?$/.test(inner));
  return !isHost;
}

/** Reads `[group]`, `[group:children]`, `[group:vars]` or `[group:hosts]`, with a comment behind it or not. */
export function readSection(line: IniLine): (IniSection & { at: Span }) | { problem: Problem } {
  const { text } = line;
  const end = text.indexOf(']');
  const fault = (words: string): { problem: Problem } => ({
    problem: problem(
      'E_INI_SECTION',
      { section: text, fault: words },
      spanIn(line, 0, end < 0 ? text.length : end + 1),
    ),
  });
  if (end < 0) return fault('the "]" is missing');
  const behind = text.slice(end + 1);
  if (!/^\s*(?:#.*)?$/.test(behind))
    return fault(/^\s*;/.test(behind) ? 'a comment behind it begins with "#"' : 'something stands behind the "]"');
  const inner = text.slice(1, end);
  if (inner === '') return fault('it has no name');
  if (/\s/.test(inner)) return fault('it holds a space');
  const [name = '', kind, ...more] = inner.split(':');
  const at = spanIn(line, 1, 1 + name.length);
  if (name === '' || more.length > 0) return fault('it is not of the form [group] or [group:kind]');
  if (kind === undefined) return { name, kind: 'hosts', at };
  const known = kinds.find((one) => one === kind);
  if (known) return { name, kind: known, at };
  const near = similar(kind, kinds);
  const facts = { group: name, kind, ...(near !== undefined && { similar: near }) };
  return { problem: problem('E_INI_SECTION_KIND', facts, spanIn(line, name.length + 2, end)) };
}
