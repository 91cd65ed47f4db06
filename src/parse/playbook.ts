import type { Modules } from '../model/module.ts';
import type { Play, Playbook } from '../model/playbook.ts';
import type { SecretSource } from '../model/secret-source.ts';
import type { Located, Sources } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import type { Problem } from '../problems/problem.ts';
import { readCommands } from './commands.ts';
import { type Context, type Entries, isFields, type LibrarySource, report, type Validate } from './context.ts';
import { describe } from './describe.ts';
import { readVars } from './inherited.ts';
import { checkKeys } from './keys.ts';
import { playbookKeywords } from './keywords.ts';
import type { Folders } from './library.ts';
import { within } from './located.ts';
import { readLogging } from './logging.ts';
import { nearName } from './near.ts';
import { merged } from './outer.ts';
import { readPlay } from './play.ts';
import { readList, readMapping, readText, readTexts } from './read.ts';
import { readReports } from './report.ts';
import { readYaml } from './yaml.ts';

/**
 * Reads a playbook: a mapping with `plays`, a list of plays, or one play. Finds every mistake that can be seen without inventory and variables;
 * there is a playbook only when there is none. Puts the text into `sources`.
 */
export async function parsePlaybook(input: {
  /** Its name in messages and spans. */
  file: string;
  text: string;
  sources: Sources;
  /** The modules by YAML key. */
  modules: Modules;
  validate: Validate;
  /** Where files and roles that it uses are looked for. */
  folders: Folders;
  /** Gives the values that stand encrypted in it. */
  secrets?: SecretSource;
  libraries?: LibrarySource;
  /** Which of its commands is meant, where it has some; `every` for those who only look. */
  entry?: string | 'every' | undefined;
}): Promise<{ playbook?: Playbook; problems: Problem[] }> {
  const { file, text, sources, modules, validate, folders, secrets, libraries, entry } = input;
  const { root, problems } = readYaml({ file, text, sources, secrets });
  if (!root) return { problems };
  const optional = { secrets, ...(libraries && { libraries }) };
  const context: Context = { file, sources, modules, validate, problems, folders, ...optional, stack: [] };
  const playbook = await readRoot(context, root, entry);
  return playbook && problems.length === 0 ? { playbook, problems } : { problems };
}

async function readRoot(
  context: Context,
  root: Located<Value>,
  entry: string | undefined,
): Promise<Playbook | undefined> {
  const { file } = context;
  const { value } = root;
  if (Array.isArray(value)) {
    if (looksLikeTasks(context, value)) return report(context, 'E_TASKS_WITHOUT_PLAY', {}, root.locate([0]));
    return { file, name: baseName(file), reports: [], plays: await readPlays(context, within(root, [], value)) };
  }
  if (value === null) return report(context, 'E_PLAYBOOK_EMPTY', {}, root.locate());
  if (!isFields(value)) return report(context, 'E_PLAYBOOK_FORM', { found: describe(value) }, root.locate());
  if (Object.keys(value).length === 0) return report(context, 'E_PLAYBOOK_EMPTY', {}, root.locate());
  if (!isPlays(value)) {
    if (looksLikeTasks(context, [value])) return report(context, 'E_TASKS_WITHOUT_PLAY', {}, root.locate());
    if (!isPlay(value)) {
      const inventory = looksLikeInventory(value);
      const found = inventory ? 'an inventory' : 'a mapping without hosts, tasks or plays';
      return report(context, 'E_PLAYBOOK_FORM', { found, ...(inventory && { inventory: file }) }, root.locate());
    }
    const play = await readPlay(context, root, 0);
    return play && { file, name: play.name, reports: [], plays: [play] };
  }
  const entries: Located<Fields> = within(root, [], value);
  checkKeys(context, entries, 'playbook', playbookKeywords);
  await addLibraries(context, entries);
  const name = readText(context, entries, 'name')?.value ?? baseName(file);
  let params = readMapping(context, entries, 'params');
  let vars = readVars(context, entries);
  const reports = await readReports(context, entries);
  const logging = readLogging(context, entries);
  const list = readList(context, entries, 'plays');
  const plays = list ? await readPlays(context, list) : [];
  const around = { file, reports, plays, ...(logging && { logging }) };
  if (!readMapping(context, entries, 'commands'))
    return { ...around, name, ...(params && { params }), ...(vars && { vars }) };
  if (list) report(context, 'E_KEY_BOTH', { key: 'plays', other: 'commands' }, entries.locate(['plays'], 'key'));
  const commands = readCommands(context, entries, entry);
  for (const command of commands) {
    if (command.params) params = merged(params, command.params);
    if (command.vars) vars = merged(vars, command.vars);
    plays.push(...(await readPlays(context, command.plays, plays.length)));
  }
  const told = commands.map(({ name, help }) => ({ name, ...(help !== undefined && { help }) }));
  const whole = entry === undefined || entry === 'every' ? name : `${name} ${entry}`;
  return { ...around, name: whole, commands: told, ...(params && { params }), ...(vars && { vars }) };
}

/** Adds the modules of the libraries that the playbook names; those of its own folder come first. */
async function addLibraries(context: Context, entries: Entries): Promise<void> {
  const names = readTexts(context, entries, 'libraries');
  const found = names.length === 0 ? undefined : await context.libraries?.named(names);
  if (!found) return;
  context.modules = { ...found.modules, ...context.modules };
  context.problems.push(...found.problems);
}

async function readPlays(context: Context, list: Located<Value[]>, before = 0): Promise<Play[]> {
  if (list.value.length === 0) report(context, 'E_PLAYBOOK_EMPTY', {}, list.locate());
  const plays: Play[] = [];
  for (const [index, value] of list.value.entries()) {
    const play = await readPlay(context, within(list, [index], value), before + index);
    if (play) plays.push(play);
  }
  return plays;
}

/** True for the form with several plays, also when its one word is misspelt. */
function isPlays(value: Fields): boolean {
  if (value['hosts'] !== undefined || value['tasks'] !== undefined)
    return value['plays'] !== undefined || value['commands'] !== undefined;
  return Object.keys(value).some((key) => nearName(key, ['plays', 'commands']) !== undefined);
}

/** True when something in a mapping looks like a play. An inventory, say, does not. */
function isPlay(value: Fields): boolean {
  const words = ['hosts', 'tasks', 'handlers', 'strategy'];
  return Object.keys(value).some((key) => nearName(key, words) !== undefined);
}

/** Groups with hosts in them. */
function looksLikeInventory(value: Fields): boolean {
  return Object.values(value).some(
    (group) => isFields(group) && (isFields(group['hosts']) || isFields(group['children'])),
  );
}

/** A tasks file of a role, given as a playbook: no entry has hosts, and one has a module. */
function looksLikeTasks(context: Context, list: readonly Value[]): boolean {
  const items = list.filter(isFields);
  return (
    items.every((item) => item['hosts'] === undefined && item['tasks'] === undefined) &&
    items.some((item) => Object.keys(item).some((key) => Object.hasOwn(context.modules, key)))
  );
}

function baseName(file: string): string {
  return file.replace(/^.*\//, '');
}
