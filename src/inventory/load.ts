import { resolve } from 'node:path';
import type { AskAws } from '../aws/inventory/question.ts';
import type { Inventory } from '../model/inventory.ts';
import type { SecretSource } from '../model/secret-source.ts';
import type { Sources } from '../model/span.ts';
import type { Problem } from '../problems/problem.ts';
import { awsPlugin } from './aws-plugin.ts';
import { construct, type ExpressionsOf } from './construct.ts';
import { type Constructed, isConstructed, readConstructed } from './constructed.ts';
import { type Assignment, type Draft, mentionGroup, mentionHost, newDraft } from './draft.ts';
import { type Reading, type ReadYaml, readText, readYamlFile, shownPath } from './files.ts';
import { readHostEntry } from './host-entry.ts';
import { readIni } from './ini.ts';
import { programTimeout } from './program.ts';
import { readProgram } from './program-groups.ts';
import { resolveDraft } from './resolve.ts';
import { findSource, type SourceFile } from './source.ts';
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
  /** What inventory programs get as their environment; empty when not said. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Evaluates the expressions of constructed groups; without it there are none. */
  expressions?: ExpressionsOf;
  /** Gives what stands encrypted in files. */
  secrets?: SecretSource;
  /** Asks AWS for the machines that files name; without it there are none. */
  askAws?: AskAws;
}

/** Reads all sources into one inventory. The inventory is whole also when there are problems, as far as it could be read. */
export async function loadInventory(
  options: LoadInventoryOptions,
): Promise<{ inventory: Inventory; problems: Problem[] }> {
  const draft = newDraft();
  const reading: Reading = { ...options, problems: draft.problems };
  const folders = new Set<string>();
  const constructed: Constructed[] = [];
  for (const name of options.sources) {
    const source = findSource(name, reading);
    if ('inline' in source) {
      readInline(draft, source.inline);
      continue;
    }
    for (const folder of source.folders) folders.add(folder);
    for (const file of source.files) {
      const found = await readSource({ draft, ...file }, options, reading);
      if (found) constructed.push(found);
    }
  }

  if (options.playbookDir !== undefined) {
    // Last, because it wins, also when it is the inventory's own folder.
    const playbookDir = resolve(options.cwd, options.playbookDir);
    folders.delete(playbookDir);
    folders.add(playbookDir);
  }
  const known = new Map<string, Assignment[]>();
  const shown = options.sources.map((source) => (source.includes(',') ? source : shownPath(source, options.cwd)));
  const resolved = async (): Promise<ReturnType<typeof resolveDraft>> => {
    const groups = new Set(draft.groups.keys());
    const hosts = new Set(draft.hosts.keys()).add('localhost');
    return resolveDraft(draft, shown, {
      groups: await readVarsFiles('group_vars', { folders: [...folders], names: groups, known }, reading),
      hosts: await readVarsFiles('host_vars', { folders: [...folders], names: hosts, known }, reading),
    });
  };
  // Expressions see what all sources say, so they come last, and each file sees the groups of those before it.
  if (options.expressions)
    for (const one of constructed)
      await construct(draft, one, { ...(await resolved()), expressions: options.expressions });
  const { inventory, problems } = await resolved();
  return { inventory, problems: [...draft.problems, ...problems] };
}

/** Reads or runs one file; constructed groups are given back, since they need everything else first. */
async function readSource(
  { draft, path, kind }: SourceFile & { draft: Draft },
  options: LoadInventoryOptions,
  reading: Reading,
): Promise<Constructed | undefined> {
  const shown = shownPath(path, reading.cwd);
  if (kind === 'program') {
    await readProgram(draft, { path, shown, cwd: options.cwd, env: options.env ?? {}, timeout: programTimeout });
  } else if (kind === 'ini') {
    const text = (await readText(path, reading))?.replace(/^\ufeff/, '');
    if (text === undefined) return undefined;
    reading.fileSources.set(shown, text);
    readIni(draft, { file: shown, text });
  } else {
    const root = await readYamlFile(path, reading);
    const plugin = root && awsPlugin(root);
    if (plugin) {
      const [{ readAwsSource }, { addAwsHosts }] = await Promise.all([
        import('./aws-source.ts'),
        import('./aws-hosts.ts'),
      ]);
      const source = readAwsSource({ root, file: shown, plugin }, draft.problems);
      return source && options.askAws && addAwsHosts(draft, source, options.askAws);
    }
    if (root && isConstructed(root)) return readConstructed({ root, file: shown }, draft.problems);
    if (root) readGroups(draft, root);
  }
  return undefined;
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
