import type { Play } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Context, type Entries, isFields, report } from './context.ts';
import { describe } from './describe.ts';
import { readHandlerNames } from './handlers.ts';
import { readInherited } from './inherited.ts';
import { checkKeys, missingKey } from './keys.ts';
import { playKeywords } from './keywords.ts';
import { within } from './located.ts';
import { readHandlers, readNodes } from './nodes.ts';
import type { Outer } from './outer.ts';
import { readDefaults } from './passed.ts';
import { readChoice, readList, readText, readTexts } from './read.ts';
import { readRollout } from './rollout.ts';

const noDefaults: Outer['defaults'] = new Map();

/** Reads one play. Undefined, with problems, when it cannot run; its tasks are read anyway, so that all mistakes show at once. */
export async function readPlay(context: Context, item: Located<Value>, index: number): Promise<Play | undefined> {
  if (!isFields(item.value)) {
    const facts = { what: 'a play', wanted: 'a mapping with "hosts" and "tasks"', found: describe(item.value) };
    return report(context, 'E_ITEM_TYPE', facts, item.locate());
  }
  const entries: Entries = within(item, [], item.value);
  checkKeys(context, entries, 'play', playKeywords);
  const defaults = readDefaults(context, entries, noDefaults);
  const inherited = readInherited(context, entries, { tags: [], defaults });
  const varsFiles = readTexts(context, entries, 'vars_files');
  const hosts = readHosts(context, entries);
  const handlerList = readList(context, entries, 'handlers');
  const { become, tags, env, noLog } = inherited;
  const outer: Outer = {
    tags,
    defaults,
    handlers: handlerList ? readHandlerNames(context, handlerList) : { names: [] },
    ...(become && { become }),
    ...(env && { env }),
    ...(noLog !== undefined && { noLog }),
  };
  const taskList = readList(context, entries, 'tasks');
  const nodes = taskList && (await readNodes(context, taskList, { id: `${index}`, outer }));
  const handlers = handlerList ? await readHandlers(context, handlerList, { id: `${index}`, outer }) : [];
  if (!taskList && entries.value['tasks'] === undefined) {
    const facts = { key: 'tasks', place: 'play', advice: 'a play without work is written "tasks: []"' } as const;
    missingKey(context, entries, facts, playKeywords);
  }
  const rollout = readRollout(context, entries);
  const name = readText(context, entries, 'name')?.value ?? hosts?.value;
  const strategy = readChoice(context, entries, 'strategy', ['free', 'linear']) ?? 'free';
  if (!hosts || !nodes || name === undefined) return undefined;
  return { ...inherited, ...rollout, varsFiles, index, name, hosts, nodes, handlers, strategy };
}

/** A pattern, or a list of patterns, which is one pattern with commas. */
function readHosts(context: Context, entries: Entries): Located<string> | undefined {
  if (entries.value['hosts'] === undefined) {
    const advice = 'say which hosts it is for: "hosts: all", a group, a host, or localhost';
    return missingKey(context, entries, { key: 'hosts', place: 'play', advice }, playKeywords);
  }
  if (!Array.isArray(entries.value['hosts'])) return readText(context, entries, 'hosts');
  const patterns = readTexts(context, entries, 'hosts');
  if (patterns.length === 0) {
    const facts = { key: 'hosts', wanted: 'a pattern', found: describe(entries.value['hosts']) };
    return report(context, 'E_KEY_TYPE', facts, entries.locate(['hosts']));
  }
  return within(entries, ['hosts'], patterns.map((pattern) => pattern.value).join(','));
}
