import { dirname, extname, join, resolve } from 'node:path';
import { problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { type Entry, listFolder, lookAt, type Reading, shownPath } from './files.ts';
import { type FileKind, kindOfFile } from './kind.ts';
import { remoteNameFault } from './names.ts';

/** A file to read or to run. */
export interface SourceFile {
  path: string;
  kind: Exclude<FileKind, 'no-program'>;
}

/** What `-i` names: hosts written out, or the files to read and the folders that may hold group_vars and host_vars. */
export type Source = { inline: string } | { files: SourceFile[]; folders: string[] };

/** Files that lie in an inventory folder without being inventories: Ansible's list, and backups and notes. */
const bystander =
  /^\.|~$|\.(md|txt|rst|orig|bak|retry|swp|rpm|rpmnew|rpmsave|pyc|pyo|ini|cfg|example|sample)$|^(LICENSE|README|Makefile|vars_plugins)$/;

/** Finds out what a source is; what cannot be read becomes a problem. */
export function findSource(source: string, reading: Reading): Source {
  if (source.includes(',')) return { inline: source };
  const path = resolve(reading.cwd, source);
  const entry = lookAt(path, source);
  if (!entry) {
    const near = similar(source, listFolder(reading.cwd)?.map((found) => found.name) ?? []);
    const hostLike =
      !source.includes('/') && remoteNameFault(source) === undefined && !extname(source).startsWith('.y');
    reading.problems.push(
      problem('E_INVENTORY_MISSING', { path: source, hostLike, ...(near !== undefined && { similar: near }) }),
    );
    return { files: [], folders: [] };
  }
  if (!entry.directory) return { files: toFiles(path, entry, reading), folders: [dirname(path)] };
  const found = filesIn(path, reading);
  const ini = listFolder(path)?.find(({ name, directory }) => !directory && /\.(?:ini|cfg)$/.test(name));
  if (found.seen === 0 && ini)
    reading.problems.push(problem('E_INVENTORY_INI_IN_FOLDER', { path: shownPath(join(path, ini.name), reading.cwd) }));
  return found;
}

interface Found {
  files: SourceFile[];
  folders: string[];
  /** Inventory files, readable or not. */
  seen: number;
}

/** All inventory files of a folder and the folders in it, in the order of their names. */
function filesIn(folder: string, reading: Reading): Found {
  const found: Found = { files: [], folders: [folder], seen: 0 };
  for (const entry of listFolder(folder) ?? []) {
    const path = join(folder, entry.name);
    if (entry.name === 'group_vars' || entry.name === 'host_vars' || bystander.test(entry.name)) continue;
    if (entry.directory) {
      const below = filesIn(path, reading);
      found.files.push(...below.files);
      found.folders.push(...below.folders);
      found.seen += below.seen;
    } else {
      found.files.push(...toFiles(path, entry, reading));
      found.seen += 1;
    }
  }
  return found;
}

function toFiles(path: string, entry: Entry, reading: Reading): SourceFile[] {
  const kind = kindOfFile(path, entry);
  const shown = shownPath(path, reading.cwd);
  if (typeof kind === 'object')
    reading.problems.push(problem('E_INVENTORY_UNREADABLE', { path: shown, reason: kind.unreadable }));
  else if (kind === 'no-program') reading.problems.push(problem('E_INVENTORY_NO_PROGRAM', { path: shown }));
  else return [{ path, kind }];
  return [];
}
