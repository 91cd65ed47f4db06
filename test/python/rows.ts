import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/**
 * One job, as a program in Python does it and as a playbook does it. Both leave what they found in `answer`, and the answers are the same JSON.
 * A registered result is compared by the fields that Python's answer has.
 */
export interface Row {
  /** What it does, in a few words: the heading on the page. */
  what: string;
  /** Files in the working directory of both: path → text. */
  files?: Record<string, string>;
  /** A program; what is not said is imported by it. */
  python: string;
  /** A list of tasks; or a whole playbook, which then gets `args`, `stdin` and `env` as the program does. */
  play: string;
  args?: string[];
  stdin?: string;
  env?: Record<string, string>;
  /** Why the answers are not the same. They must differ then. */
  differs?: string;
  /** Words with which play refuses the tasks before it runs them: a difference as well, so `differs` says why. */
  refused?: string;
}

/** What a file holds: a list of rows, or a mapping that says more about the library (for its page: scripts/generate/from-python.mjs). */
export interface Library {
  /** The file's name without its ending. */
  name: string;
  /**
   * A shell command that is at work while the rows run: it prints a line when it is ready, which both have as `server`, and is ended
   * afterwards.
   */
  serve?: string;
  /** Lines of the table on the page: what the library offers, and what does it here; Markdown. */
  index?: { python: string; here: string }[];
  rows: Row[];
}

const keys = ['what', 'files', 'python', 'play', 'args', 'stdin', 'env', 'differs', 'refused'];

/** The row files of a folder. Throws when one is not as it must be. */
export function readLibraries(folder: string): Library[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yml'))
    .sort()
    .map((file) => {
      const read = parse(readFileSync(join(folder, file), 'utf8'));
      const { rows, serve, index } = Array.isArray(read) ? { rows: read } : read;
      for (const row of rows) check(row, file);
      return {
        name: file.replace(/\.yml$/, ''),
        rows,
        ...(serve === undefined ? {} : { serve }),
        ...(index === undefined ? {} : { index }),
      };
    });
}

function check(row: Row, file: string): void {
  const wrong = [
    ...Object.keys(row)
      .filter((key) => !keys.includes(key))
      .map((key) => `has a key "${key}"`),
    ...(['what', 'python', 'play'] as const)
      .filter((key) => typeof row[key] !== 'string')
      .map((key) => `has no ${key} that is text`),
    ...(row.refused !== undefined && row.differs === undefined ? ['is refused, and does not say why (differs)'] : []),
  ];
  if (wrong.length > 0) throw new Error(`${file}: the row "${row.what}" ${wrong.join(', ')}`);
}

/** Whether it is a playbook of its own rather than a list of tasks. */
export function isPlaybook({ play }: Row): boolean {
  return !Array.isArray(parse(play));
}
