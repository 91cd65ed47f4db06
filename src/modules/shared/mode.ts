import type { ModeChange, RelativeMode } from '../../model/resource.ts';
import { ProblemError, problem } from '../../problems/problem.ts';

/**
 * A mode as the author gave it. Octal digits and symbols that settle all nine permissions for every file are four octal digits;
 * other symbols depend on what is there.
 */
export type Mode = { kind: 'fixed'; digits: string } | RelativeMode;

const everything = 0o7777;
const permissions = 0o777;
/** Where no `u`, `g`, `o` or `a` stands, chmod leaves out what the session's umask takes away. */
const umask = 0o022;
const places: Record<string, number> = { u: 0o100, g: 0o010, o: 0o001 };

/** Reads a mode. Throws ProblemError when it is none. */
export function parseMode(module: string, text: string): Mode {
  if (/^[0-7]{3,4}$/.test(text)) return { kind: 'fixed', digits: text.padStart(4, '0') };
  if (!/^[ugoa]*[-+=][rwxXst]*(,[ugoa]*[-+=][rwxXst]*)*$/.test(text)) {
    const copies = /^[ugoa]*[-+=][ugo]/.test(text);
    throw badMode(module, text, copies ? 'copies permissions from one class to another' : 'is not a mode');
  }
  const clauses = text.split(',');
  const directory = change(module, text, clauses, { directory: true, executable: true });
  const executable = change(module, text, clauses, { directory: false, executable: true });
  const plain = change(module, text, clauses, { directory: false, executable: false });
  const settled = (directory.keep & permissions) === 0 && [executable, plain].every((one) => one.set === directory.set);
  if (settled) return { kind: 'fixed', digits: directory.set.toString(8).padStart(4, '0') };
  return { kind: 'relative', text, directory, executable, plain };
}

/** What a mode is after the change, as four octal digits. */
export function changed(mode: number, { keep, set }: ModeChange): string {
  return ((mode & keep) | set).toString(8).padStart(4, '0');
}

/** All clauses one after another. `X` counts when it is a directory or some x bit is set by then. */
function change(
  module: string,
  text: string,
  clauses: string[],
  file: { directory: boolean; executable: boolean },
): ModeChange {
  let { keep, set }: ModeChange = { keep: everything, set: 0 };
  for (const clause of clauses) {
    const [, who = '', operator, letters = ''] = /^([ugoa]*)([-+=])(.*)$/.exec(clause) ?? [];
    const classes = who === '' || who.includes('a') ? 'ugo' : who;
    let bits = 0;
    for (const letter of letters) {
      if (letter === 'X' && !(file.directory || anyExecute(module, text, { keep, set }, file.executable))) continue;
      bits |= bitsOf(letter, classes, who);
    }
    if (who === '') bits &= ~umask;
    const cleared = operator === '=' ? classBits(classes) : 0;
    if (operator === '-') {
      keep &= ~bits;
      set &= ~bits;
    } else {
      keep &= ~(cleared | bits);
      set = (set & ~cleared) | bits;
    }
  }
  return { keep, set };
}

function bitsOf(letter: string, classes: string, who: string): number {
  if (letter === 't') return who === '' || who.includes('a') || who.includes('o') ? 0o1000 : 0;
  if (letter === 's') return (classes.includes('u') ? 0o4000 : 0) | (classes.includes('g') ? 0o2000 : 0);
  const value = letter === 'r' ? 4 : letter === 'w' ? 2 : 1;
  return [...classes].reduce((bits, name) => bits | (value * (places[name] ?? 0)), 0);
}

function classBits(classes: string): number {
  return [...classes].reduce((bits, name) => bits | (7 * (places[name] ?? 0)), 0);
}

function anyExecute(module: string, text: string, { keep, set }: ModeChange, before: boolean): boolean {
  if (!before || (set & 0o111) !== 0) return (set & 0o111) !== 0;
  if ((keep & 0o111) === 0o111) return true;
  if ((keep & 0o111) === 0) return false;
  throw badMode(module, text, 'takes some x bits away before it asks for X', 'split it over two tasks');
}

function badMode(module: string, mode: string, detail: string, advice?: string): ProblemError {
  return new ProblemError(problem('E_MODE', { module, mode, detail, ...(advice !== undefined && { advice }) }));
}
