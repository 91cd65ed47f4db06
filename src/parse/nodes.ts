import type { Node, Task } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { readBlock } from './block.ts';
import { type Context, type Entries, isFields, report } from './context.ts';
import { describe } from './describe.ts';
import { within } from './located.ts';
import type { Outer } from './outer.ts';
import { readUse } from './reuse.ts';
import { readTask } from './task.ts';

/** Reads a list of tasks, blocks, includes and roles. `id` is that of the list. */
export async function readNodes(
  context: Context,
  list: Located<Value[]>,
  { id, outer }: { id: string; outer: Outer },
): Promise<Node[]> {
  const nodes: Node[] = [];
  for (const [index, value] of list.value.entries()) {
    const entries = readEntry(context, within(list, [index], value));
    const node = entries && (await readNode(context, { entries, id: `${id}/${index}`, outer }));
    if (node) nodes.push(node);
  }
  return nodes;
}

/** Reads a list of handlers, which are tasks. */
export async function readHandlers(
  context: Context,
  list: Located<Value[]>,
  { id, outer }: { id: string; outer: Outer },
): Promise<Task[]> {
  const handlers: Task[] = [];
  for (const [index, value] of list.value.entries()) {
    const entries = readEntry(context, within(list, [index], value));
    const handler = entries && (await readTask(context, { entries, id: `${id}/handlers/${index}`, outer }));
    if (handler) handlers.push(handler);
  }
  return handlers;
}

async function readNode(
  context: Context,
  parts: { entries: Entries; id: string; outer: Outer },
): Promise<Node | undefined> {
  const { value } = parts.entries;
  if (['block', 'rescue', 'always'].some((key) => value[key] !== undefined)) return readBlock(context, parts);
  if (value['include'] !== undefined) return readUse(context, { ...parts, kind: 'include' });
  if (value['role'] !== undefined) return readUse(context, { ...parts, kind: 'role' });
  return readTask(context, parts);
}

function readEntry(context: Context, item: Located<Value>): Entries | undefined {
  const { value } = item;
  if (isFields(value)) return within(item, [], value);
  const advice = value === null ? 'delete the "-", or write a module after it' : 'for example: - debug: hello';
  const facts = { what: 'a task', wanted: 'a mapping', found: describe(value), advice };
  return report(context, 'E_ITEM_TYPE', facts, item.locate());
}
