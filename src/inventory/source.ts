import { dirname, extname, join, resolve } from 'node:path';
import { problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { type Entry, listFolder, lookAt, type Reading, readText, shownPath } from './files.ts';
import { remoteNameFault } from './names.ts';

/** What `-i` names: hosts written out, or the YAML files to read and the folders that may hold group_vars and host_vars. */
export type Source = { inline: string } | { files: string[]; folders: string[] };

const yamlEnds = ['.yml', '.yaml', '.json'];
const iniEnds = ['.ini', '.cfg'];

/** Files that lie in an inventory folder without being inventories. */
const bystander =
  /^\.|~$|\.(md|txt|rst|orig|bak|retry|swp|rpmnew|rpmsave|pyc|example|sample)$|^(LICENSE|README|Makefile)$/;

/** Finds out what a source is; what cannot be read (yet) becomes a problem. */
export async function findSource(source: string, reading: Reading): Promise<Source> {
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
  if (entry.directory) return filesIn(path, reading);
  return (await isYaml(path, entry, reading))
    ? { files: [path], folders: [dirname(path)] }
    : { files: [], folders: [] };
}

/** All inventory files of a folder and the folders in it, in the order of their names. */
async function filesIn(folder: string, reading: Reading): Promise<{ files: string[]; folders: string[] }> {
  const found = { files: [] as string[], folders: [folder] };
  for (const entry of listFolder(folder) ?? []) {
    const path = join(folder, entry.name);
    if (entry.name === 'group_vars' || entry.name === 'host_vars' || bystander.test(entry.name)) continue;
    if (entry.directory) {
      const below = await filesIn(path, reading);
      found.files.push(...below.files);
      found.folders.push(...below.folders);
    } else if (await isYaml(path, entry, reading)) found.files.push(path);
  }
  return found;
}

async function isYaml(path: string, entry: Entry, reading: Reading): Promise<boolean> {
  const end = extname(path).toLowerCase();
  if (yamlEnds.includes(end)) return true;
  const kind = entry.executable ? 'executable' : iniEnds.includes(end) ? 'ini' : await kindOfText(path, reading);
  if (kind === 'yaml') return true;
  if (kind) reading.problems.push(problem('E_INVENTORY_LATER', { path: shownPath(path, reading.cwd), kind }));
  return false;
}

/** Tells YAML from INI by the first line that says something: YAML needs a colon or a bracket that opens a mapping there. */
async function kindOfText(path: string, reading: Reading): Promise<'yaml' | 'ini' | undefined> {
  const text = await readText(path, reading);
  if (text === undefined) return undefined;
  const first = text.split('\n').find((line) => line.trim() !== '' && !/^\s*[#;]/.test(line));
  if (first === undefined || /^(---|%|\{)/.test(first)) return 'yaml';
  return /^\s*\[/.test(first) || !/:(\s|$)/.test(first) ? 'ini' : 'yaml';
}
