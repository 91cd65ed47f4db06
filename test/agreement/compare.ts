import { isDeepStrictEqual } from 'node:util';
import type { Fields, Value } from '../../src/model/value.ts';
import type { Story } from './sides.ts';
import type { Tree } from './tree.ts';

/** One thing in which both ended differently. */
export interface Difference {
  /** `status`, `result NAME`, `shows COMMAND`, or a path and its property: `a mode`. */
  what: string;
  ours: string;
  theirs: string;
}

/** Fields that cannot be the same twice, and standard error, which the rig gathers for all tasks together. */
const fleeting =
  /^((stat\.|files (.|\n)* )(atime|mtime|ctime|inode)|stderr|stderr_lines|msg|start|end|delta|cmd|backup_file|elapsed|ansible_job_id|results_file|started|finished)$/;

/** Whether two commits differ that both sides have made for themselves, at their own times. */
export function isChance({ what, ours, theirs }: Difference): boolean {
  return /^result (before|after)$/.test(what) && [ours, theirs].every((id) => /^[0-9a-f]{40}$/.test(id));
}

/** Everything in which two stories of the same pair differ. `roots`: the folders they took place in. */
export function compare(ours: Story, theirs: Story, roots: { ours: string; theirs: string }): Difference[] {
  const found: Difference[] = [];
  const note = (what: string, a: unknown, b: unknown) => {
    if (!isDeepStrictEqual(a, b)) found.push({ what, ours: said(a), theirs: said(b) });
  };
  note('status', ours.status, theirs.status);
  compareTrees(ours.tree, theirs.tree, note);
  for (const [command, text] of Object.entries(ours.shown)) {
    note(`shows ${command}`, neutral(text, roots.ours), neutral(theirs.shown[command] ?? '', roots.theirs));
  }
  if (ours.status !== 'failed' && theirs.status !== 'failed') {
    const given = leaves(theirs.fields, roots.theirs);
    for (const [name, value] of leaves(ours.fields, roots.ours)) {
      // Fields that only one of them has are told by the documentation of the module.
      if (given.has(name) && !fleeting.test(name)) note(`result ${name}`, value, given.get(name));
    }
  }
  return found;
}

type Note = (what: string, ours: unknown, theirs: unknown) => void;

function compareTrees(ours: Tree, theirs: Tree, note: Note): void {
  for (const path of new Set([...ours.keys(), ...theirs.keys()])) {
    const [a, b] = [ours.get(path), theirs.get(path)];
    if (a === undefined || b === undefined || a['type'] !== b['type']) {
      note(path, a?.['type'] ?? 'absent', b?.['type'] ?? 'absent');
      continue;
    }
    for (const property of new Set([...Object.keys(a), ...Object.keys(b)])) {
      note(`${path} ${property}`, a[property], b[property]);
    }
  }
}

/** Fields by their dotted names. Lists are one value, but for those of files: their order means nothing. */
function leaves(fields: Fields, root: string, prefix = ''): Map<string, Value> {
  return new Map(
    Object.entries(fields).flatMap(([key, value]): [string, Value][] =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? [...leaves(value as Fields, root, `${prefix}${key}.`)]
        : isFiles(value)
          ? filesOf(value, root, `${prefix}${key}`)
          : [[`${prefix}${key}`, neutralValue(value, root)]],
    ),
  );
}

function isFiles(value: Value): value is (Fields & { path: string })[] {
  const holdsPath = (item: Value): boolean => item !== null && typeof item === 'object' && 'path' in item;
  return Array.isArray(value) && value.length > 0 && value.every(holdsPath);
}

function filesOf(files: readonly (Fields & { path: string })[], root: string, name: string): [string, Value][] {
  const byPath = new Map(files.map((file): [string, Fields] => [neutral(file.path, root), file]));
  return [
    [name, [...byPath.keys()].sort()],
    ...[...byPath].flatMap(([path, file]) => [...leaves(file, root, `${name} ${path} `)]),
  ];
}

function neutralValue(value: Value, root: string): Value {
  if (typeof value === 'string') return neutral(value, root);
  return Array.isArray(value) ? value.map((item) => neutralValue(item, root)) : value;
}

/** Without what is never the same on both sides: the folder, and the name that keeps them apart on the system. */
function neutral(text: string, root: string): string {
  return text.replaceAll(root, '$DIR').replaceAll(/agree[ab]/g, '$SHELL');
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? 'nothing' : JSON.stringify(value);
}
