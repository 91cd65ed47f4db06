import { RE2JS } from 're2js';
import type { Inventory } from '../model/inventory.ts';
import type { Span } from '../model/span.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { globRegex, type PatternPart, readSubscript, splitPattern } from './pattern.ts';
import { expandRanges } from './range.ts';

/**
 * The hosts of a pattern in Ansible's syntax, in the order of the inventory: what is added, then cut down by every `&`, then less every `!`,
 * wherever they stand. A part that matches nothing is a problem; a group without hosts is only empty.
 */
export function matchHosts(inventory: Inventory, pattern: string, at?: Span): { hosts: string[]; problems: Problem[] } {
  const parts = splitPattern(pattern);
  if (parts.length === 0) return { hosts: [], problems: [problem('E_PATTERN_EMPTY', { pattern }, at)] };

  const problems: Problem[] = [];
  const find = (part: PatternPart): ReadonlySet<string> => {
    const found = matchPart(inventory, part, partSpan({ pattern, part, at }));
    if (!('problem' in found)) return found;
    problems.push(found.problem);
    return new Set();
  };
  const sets = (join: PatternPart['join']): ReadonlySet<string>[] =>
    parts.filter((part) => part.join === join).map(find);
  const added = sets('add');
  const wanted = added.length > 0 ? added : [new Set(inventory.groups.get('all')?.hosts)];
  const kept = sets('and');
  const dropped = sets('not');
  const hosts = [...inventory.hosts.keys()].filter(
    (name) =>
      wanted.some((set) => set.has(name)) &&
      kept.every((set) => set.has(name)) &&
      !dropped.some((set) => set.has(name)),
  );
  return { hosts, problems };
}

function matchPart(inventory: Inventory, part: PatternPart, at?: Span): ReadonlySet<string> | { problem: Problem } {
  if (part.text === '')
    return {
      problem: problem('E_PATTERN_SYNTAX', { part: part.join === 'and' ? '&' : '!', fault: 'a name is missing' }, at),
    };
  const named = matchRange(inventory, part.text);
  // Leading zeros are of names.
  if (named && /\[0\d/.test(part.text)) return new Set(named);
  // As in Ansible, `web[1]` is the second host of web; only when there is no web at all it is a glob for web1.
  const subscript = readSubscript(part.text);
  const hosts = subscript && matchName(inventory, subscript.name, at);
  if (hosts && 'problem' in hosts) return hosts;
  if (subscript && hosts) return pick(part.text, { hosts, ...subscript }, at);
  const whole = named ?? matchName(inventory, part.text, at);
  if (whole) return 'problem' in whole ? whole : new Set(whole);

  const listed = inventory.sources.length > 0;
  const names = listed ? [...inventory.groups.keys(), ...inventory.hosts.keys()] : inventory.hosts.keys();
  const near = similar(subscript?.name ?? part.text, names);
  return {
    problem: problem(
      'E_PATTERN_NO_MATCH',
      { part: part.text, listed, ...(near !== undefined && { similar: near }) },
      at,
    ),
  };
}

/**
 * `web[01:20]`, written as in an inventory: those of the hosts that are there, undefined when none is. A glob would read it as one of the
 * characters `0`, `1`, `:` and `2`, which nobody means.
 */
function matchRange(inventory: Inventory, text: string): string[] | undefined {
  if (text.startsWith('~') || !/\[\w*:[\w:]+\]/.test(text)) return undefined;
  const range = expandRanges(text);
  const found = 'names' in range ? range.names.filter((name) => inventory.hosts.has(name)) : [];
  return found.length > 0 ? found : undefined;
}

/** Hosts of a name, glob or regex without a subscript; undefined when no host and no group has it. */
function matchName(inventory: Inventory, text: string, at?: Span): string[] | { problem: Problem } | undefined {
  if (text === 'all' || text === '*') return inventory.sources.length > 0 ? members(inventory, 'all') : undefined;
  if (inventory.groups.has(text)) return members(inventory, text);
  if (inventory.hosts.has(text)) return [text];
  const regex = text.startsWith('~') ? `^(?:${text.slice(1)})` : wholeText(globRegex(text));
  if (regex === undefined) return undefined;
  const compiled = compile(regex);
  if ('fault' in compiled) return { problem: problem('E_PATTERN_SYNTAX', { part: text, fault: compiled.fault }, at) };

  const groups = [...inventory.groups.keys()].filter((name) => compiled.test(name));
  const found = new Set(groups.flatMap((name) => members(inventory, name)));
  let any = groups.length > 0;
  for (const host of inventory.hosts.values()) {
    if (host.implicit || !compiled.test(host.name)) continue;
    found.add(host.name);
    any = true;
  }
  return any ? [...inventory.hosts.keys()].filter((name) => found.has(name)) : undefined;
}

function wholeText(regex: string | undefined): string | undefined {
  return regex === undefined ? undefined : `^(?:${regex})$`;
}

function members(inventory: Inventory, group: string): string[] {
  return inventory.groups.get(group)?.hosts ?? [];
}

/** RE2 keeps matching linear in time, whatever the pattern is. */
function compile(regex: string): { test(text: string): boolean } | { fault: string } {
  try {
    const compiled = RE2JS.compile(regex);
    return { test: (text) => compiled.test(text) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'not a regular expression' };
  }
}

interface Choice {
  hosts: string[];
  from: number;
  to: number | 'last';
}

function pick(part: string, { hosts, from, to }: Choice, at?: Span): ReadonlySet<string> | { problem: Problem } {
  const size = hosts.length;
  if (size === 0) return new Set();
  const first = from < 0 ? size + from : from;
  const last = to === 'last' ? size - 1 : to < 0 ? size + to : to;
  if (first < 0 || first >= size) return { problem: problem('E_PATTERN_INDEX', { part, size }, at) };
  return new Set(hosts.slice(first, last + 1));
}

/** The span of one part, when the source holds the pattern letter by letter (quotes aside); else the whole. */
function partSpan({
  pattern,
  part,
  at,
}: {
  pattern: string;
  part: PatternPart;
  at: Span | undefined;
}): Span | undefined {
  if (!at) return undefined;
  const quotes = at.end - at.start - pattern.length;
  if (quotes !== 0 && quotes !== 2) return at;
  const start = at.start + quotes / 2 + part.offset;
  return { file: at.file, start, end: start + part.length };
}
