import { resolve } from 'node:path';
import type { Inventory } from '../model/inventory.ts';
import type { SecretSource } from '../model/secret-source.ts';
import type { Sources } from '../model/span.ts';
import type { Problem } from '../problems/problem.ts';
import { type Draft, mentionGroup, mentionHost, newDraft } from './draft.ts';
import { type Reading, type ReadYaml, readYamlFile, shownPath } from './files.ts';
import { readHostEntry } from './host-entry.ts';
import { resolveDraft } from './resolve.ts';
import { findSource } from './source.ts';
import { readVarsFiles } from './vars-files.ts';
import { readGroups } from './yaml-groups.ts';

/** Where the inventory comes from. */
export interface LoadInventoryOptions {
  /** As given with `-i`: files, folders and inline lists (`a,b,`); later ones win. None = localhost only. */
  sources: readonly string[];
  /** Relative paths start here, and paths in messages are shown relative to it. */
  cwd: string;
  /** The playbook's folder: its group_vars and host_vars win over those beside the inventory. */
  playbookDir?: string;
  /** Gets the text of every file that is read. */
  fileSources: Sources;
  readYaml: ReadYaml;
  /** Gives what stands encrypted in files. */
  secrets?: SecretSource;
}

/** Reads all sources into one inventory. The inventory is whole also when there are problems, as far as it could be read. */
export async function loadInventory(
  options: LoadInventoryOptions,
): Promise<{ inventory: Inventory; problems: Problem[] }> {
  const draft = newDraft();
  const reading: Reading = { ...options, problems: draft.problems };
  const folders = new Set<string>();
  for (const name of options.sources) {
    const source = await findSource(name, reading);
    if ('inline' in source) {
      readInline(draft, source.inline);
      continue;
    }
    for (const folder of source.folders) folders.add(folder);
    for (const file of source.files) {
      const root = await readYamlFile(file, reading);
      if (root) readGroups(draft, root);
    }
  }

  if (options.playbookDir !== undefined) {
    // Last, because it wins, also when it is the inventory's own folder.
    const playbookDir = resolve(options.cwd, options.playbookDir);
    folders.delete(playbookDir);
    folders.add(playbookDir);
  }
  const names = { groups: new Set(draft.groups.keys()), hosts: new Set(draft.hosts.keys()).add('localhost') };
  const files = {
    groups: await readVarsFiles('group_vars', { folders: [...folders], names: names.groups }, reading),
    hosts: await readVarsFiles('host_vars', { folders: [...folders], names: names.hosts }, reading),
  };
  const shown = options.sources.map((source) => (source.includes(',') ? source : shownPath(source, options.cwd)));
  const { inventory, problems } = resolveDraft(draft, shown, files);
  return { inventory, problems: [...draft.problems, ...problems] };
}

/** Reads `web1,deploy@web2:2222,`: hosts in no group. */
function readInline(draft: Draft, text: string): void {
  const layer = 'inline list';
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const entry = readHostEntry(part.trim());
    if ('problem' in entry) {
      draft.problems.push(entry.problem);
      continue;
    }
    for (const name of entry.names) {
      const host = mentionHost(draft, name);
      mentionGroup(draft, 'all')?.hosts.add(name);
      if (entry.user !== undefined) host.vars.push({ name: 'ansible_user', definition: { value: entry.user, layer } });
      if (entry.port !== undefined) host.vars.push({ name: 'ansible_port', definition: { value: entry.port, layer } });
    }
  }
}
