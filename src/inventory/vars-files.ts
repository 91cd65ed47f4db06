import { extname, join } from 'node:path';
import type { Located } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { readEncryptedYaml } from '../parse/encrypted.ts';
import { problem } from '../problems/problem.ts';
import { type Assignment, isFields, kindOf, readAssignments } from './draft.ts';
import { type Entry, listFolder, type Reading, readYamlFile, shownPath } from './files.ts';

/** Variables by the group or host they belong to, weakest first. */
export type VarsByName = Map<string, Assignment[]>;

const yamlEnds = ['.yml', '.yaml', '.json'];

/** Where files are looked for, and for whom. */
export interface VarsFilesOptions {
  folders: readonly string[];
  names: ReadonlySet<string>;
  /** What has been read already, by file: constructed groups make it necessary to look again. */
  known: Map<string, Assignment[]>;
}

/**
 * Reads `KIND/NAME.yml` and the files in `KIND/NAME/` below each folder, in the order of the folders, for the names that exist.
 * Files for other names are left alone: a folder is often shared by several inventories.
 */
export async function readVarsFiles(
  kind: 'group_vars' | 'host_vars',
  { folders, names, known }: VarsFilesOptions,
  reading: Reading,
): Promise<VarsByName> {
  const found: VarsByName = new Map();
  for (const folder of folders) {
    const base = join(folder, kind);
    for (const entry of listFolder(base) ?? []) {
      const name = ownerOf(entry);
      if (!names.has(name)) continue;
      const path = join(base, entry.name);
      const list = found.get(name) ?? [];
      found.set(name, list);
      for (const file of entry.directory ? await filesBelow(path, reading) : [path]) {
        const vars =
          known.get(file) ?? (await readOne(file, { layer: `${kind}/${file.slice(base.length + 1)}`, reading }));
        known.set(file, vars);
        list.push(...vars);
      }
    }
  }
  return found;
}

/** `web.yml`, `web.yaml`, `web`, the same with `.age` and the folder `web` all belong to `web`; `web1.example.com` without an end belongs to that host. */
function ownerOf(entry: Entry): string {
  const end = extname(entry.name);
  const name = end === '.age' ? entry.name.slice(0, -end.length) : entry.name;
  const inner = extname(name);
  return !entry.directory && yamlEnds.includes(inner)
    ? name.slice(0, -inner.length)
    : entry.directory
      ? entry.name
      : name;
}

/** The YAML files of a folder, and files without an end as Ansible takes them; encrypted ones are opened, the rest (notes, backups) is passed over. */
async function filesBelow(folder: string, reading: Reading): Promise<string[]> {
  const files: string[] = [];
  for (const entry of listFolder(folder) ?? []) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.directory) files.push(...(await filesBelow(path, reading)));
    else if (['', '.age', ...yamlEnds].includes(extname(entry.name))) files.push(path);
  }
  return files;
}

async function readOne(path: string, { layer, reading }: { layer: string; reading: Reading }): Promise<Assignment[]> {
  const root = path.endsWith('.age') ? readEncrypted(path, reading) : await readYamlFile(path, reading);
  if (!root || root.value === null) return [];
  if (!isFields(root.value)) {
    const got = kindOf(root.value);
    reading.problems.push(problem('E_INVENTORY_SHAPE', { part: layer, wants: 'variables', got }, root.locate()));
    return [];
  }
  return readAssignments(root, root.value, { layer, path: [], problems: reading.problems });
}

function readEncrypted(path: string, reading: Reading): Located<Value> | undefined {
  const { secrets, fileSources: sources, problems } = reading;
  const file = shownPath(path, reading.cwd);
  if (!secrets) {
    problems.push(problem('E_SECRET_OPEN', { what: file, fault: 'no-identity', kinds: [], places: [] }));
    return undefined;
  }
  return readEncryptedYaml(secrets, { path, shown: file, sources, problems });
}
