import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** Names that templates and expressions give a meaning of their own, so that no variable can be reached by them. */
const ROOTS = [
  'params',
  'facts',
  'host',
  'hosts',
  'groups',
  'env',
  'item',
  'index',
  'run',
  'stdin',
  'vars',
  'omit',
  'this',
];

/** Words of the expression language: keywords, reserved words and types; names a JavaScript object has anyway. */
const EXPRESSION_WORDS = [
  ...['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import'],
  ...['let', 'loop', 'namespace', 'package', 'return', 'var', 'void', 'while'],
  ...['bool', 'bytes', 'double', 'duration', 'dyn', 'int', 'list', 'map', 'null_type', 'optional', 'string'],
  ...['timestamp', 'type', 'uint'],
  ...['__proto__', 'constructor', 'prototype'],
];

const rootNames = new Set(ROOTS);
const registerWords = new Set([...ROOTS, ...EXPRESSION_WORDS]);

/** What is wrong with a name, and a near one that is right. */
export interface NameFault {
  fault: 'characters' | 'reserved';
  suggestion?: string;
}

/** Checks the name of a result. Stricter than for variables: it is new with this playbook, and expressions are where it is used. */
export function registerNameFault(name: string): NameFault | undefined {
  return fault(name, registerWords, `${name}_result`);
}

/** Checks the names of a mapping of variables. */
export function variableNameProblems(vars: Located<Fields>): Problem[] {
  return Object.keys(vars.value).flatMap((name) => {
    const fault = variableNameFault(name);
    return fault ? [problem('E_VAR_NAME', { name, ...fault }, vars.locate([name], 'key'))] : [];
  });
}

/** Checks the name of a variable; one that is a word of the expression language is still reached as `vars.NAME`. */
export function variableNameFault(name: string): NameFault | undefined {
  return fault(name, rootNames, `my_${name}`);
}

function fault(name: string, reserved: ReadonlySet<string>, instead: string): NameFault | undefined {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    if (!reserved.has(name)) return undefined;
    return name.startsWith('__') ? { fault: 'reserved' } : { fault: 'reserved', suggestion: instead };
  }
  const repaired = name
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_|_$/g, '')
    .replace(/^(?=[0-9])/, '_');
  const usable = /[A-Za-z0-9]/.test(repaired) && repaired.length <= 60 && !reserved.has(repaired);
  return { fault: 'characters', ...(usable && { suggestion: repaired }) };
}
