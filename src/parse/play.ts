import type { Become, Play, Task } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Context, type Entries, isFields, report } from './context.ts';
import { describe } from './describe.ts';
import { checkHandlers, checkNotify } from './handlers.ts';
import { readInherited } from './inherited.ts';
import { checkKeys, missingKey } from './keys.ts';
import { playKeywords } from './keywords.ts';
import { within } from './located.ts';
import { readChoice, readList, readText, readTexts } from './read.ts';
import { readTask } from './task.ts';

/** Reads one play. Undefined, with problems, when it cannot run; its tasks are read anyway, so that all mistakes show at once. */
export async function readPlay(context: Context, item: Located<Value>, index: number): Promise<Play | undefined> {
  if (!isFields(item.value)) {
    const facts = { what: 'a play', wanted: 'a mapping with "hosts" and "tasks"', found: describe(item.value) };
    return report(context, 'E_ITEM_TYPE', facts, item.locate());
  }
  const entries: Entries = within(item, [], item.value);
  checkKeys(context, entries, 'play', playKeywords);
  const inherited = readInherited(context, entries);
  const hosts = readHosts(context, entries);
  const tasks = await readTasks(context, entries, { key: 'tasks', id: `${index}`, become: inherited.become });
  const handlers = await readTasks(context, entries, {
    key: 'handlers',
    id: `${index}/handlers`,
    become: inherited.become,
  });
  if (!tasks && entries.value['tasks'] === undefined) {
    const facts = { key: 'tasks', place: 'play', advice: 'a play without work is written "tasks: []"' } as const;
    missingKey(context, entries, facts, playKeywords);
  }
  checkHandlers(context, entries);
  checkNotify(context, entries);
  if (!hosts || !tasks) return undefined;
  const name = readText(context, entries, 'name')?.value ?? hosts.value;
  const strategy = readChoice(context, entries, 'strategy', ['free', 'linear']) ?? 'free';
  return { ...inherited, index, name, hosts, tasks, handlers: handlers ?? [], strategy };
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

async function readTasks(
  context: Context,
  entries: Entries,
  { key, id, become }: { key: 'tasks' | 'handlers'; id: string; become: Become | undefined },
): Promise<Task[] | undefined> {
  const list = readList(context, entries, key);
  if (!list) return undefined;
  const tasks: Task[] = [];
  for (const [index, value] of list.value.entries()) {
    const task = await readTask(context, { item: within(list, [index], value), id: `${id}/${index}`, become });
    if (task) tasks.push(task);
  }
  return tasks;
}
