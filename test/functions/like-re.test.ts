import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { functionNamed } from '../../src/functions/catalogue.ts';
import { FunctionError } from '../../src/functions/function.ts';
import { invoke } from '../../src/functions/invoke.ts';
import type { Value } from '../../src/model/value.ts';

/** A pattern on a text; see patterns.yml. */
interface Case {
  pattern: string;
  text: string;
  sub: string;
  /** Calls whose answers are not Python's, or `all`: why. */
  differs?: Record<string, string>;
  refused?: string;
}

const cases: Case[] = parse(readFileSync(join(import.meta.dirname, 'patterns.yml'), 'utf8'));

/** What each call of Python's re gives. */
const theirs: Record<string, Value>[] = JSON.parse(
  execFileSync('/usr/bin/python3', [join(import.meta.dirname, 'like-re.py')], {
    input: JSON.stringify(cases.map(({ pattern, text, sub }) => ({ pattern, text, sub }))),
    encoding: 'utf8',
  }),
);

function call(name: string, ...args: Value[]): Value {
  const definition = functionNamed(name);
  if (!definition) throw new Error(`there is no function ${name}`);
  return invoke(definition, args, undefined);
}

/** The same, by the functions that the page of re names for them. */
function ours({ pattern, text, sub }: Case): Record<string, Value> {
  const [flags = ''] = /^(?:\(\?[a-z]+\))*/.exec(pattern) ?? [];
  const around = (before: string, after: string): string => `${flags}${before}${pattern.slice(flags.length)}\n${after}`;
  const plain = (before: string, after: string): string => `${flags}${before}${pattern.slice(flags.length)}${after}`;
  const bounded = flags.includes('x') ? around : plain;
  const fits = call('matches', text, pattern) === true;
  const names = Object.keys(call('regex_groups', text, pattern) as object);
  return {
    search: call('regex_search', text, pattern),
    match: call('matches', text, bounded('\\A(?:', ')')),
    fullmatch: call('matches', text, bounded('\\A(?:', ')\\Z')),
    groups: fits ? groupsOf(text, pattern) : [],
    groupdict: call('regex_groups', text, pattern),
    findall: call('regex_findall', text, pattern),
    finditer:
      names.length > 0
        ? call('regex_rows', text, pattern)
        : (call('regex_findall', text, pattern) as Value[]).map(() => ({})),
    split: call('regex_split', text, pattern),
    sub: call('regex_replace', text, pattern, sub),
    sub_once: call('regex_replace', text, pattern, sub, 1),
    escape: call('regex_escape', text),
  };
}

function groupsOf(text: string, pattern: string): Value[] {
  const found: Value[] = [];
  for (;;) {
    try {
      found.push(call('regex_search', text, pattern, found.length + 1));
    } catch (error) {
      if (error instanceof FunctionError && error.message.includes('has no group')) return found;
      throw error;
    }
  }
}

describe('patterns give what they give in Python', () => {
  it.each(cases.map((one, i) => ({ ...one, python: theirs[i] ?? {} })))('$pattern', (one) => {
    const { differs = {}, refused, python } = one;
    if (refused !== undefined) {
      expect(() => call('matches', one.text, one.pattern)).toThrow(refused);
      return;
    }
    const found = ours(one);
    if (differs['all'] !== undefined) {
      expect(found, 'nothing differs').not.toEqual(python);
      return;
    }
    const same = Object.keys(python).filter((name) => differs[name] === undefined);
    for (const name of Object.keys(differs)) expect(found[name], `${name} is the same`).not.toEqual(python[name]);
    expect(pick(found, same)).toEqual(pick(python, same));
  });
});

function pick(from: Record<string, Value>, names: readonly string[]): Record<string, Value | undefined> {
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}
