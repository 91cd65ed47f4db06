import type { Block, Node } from '../model/playbook.ts';
import { readConditions } from './conditions.ts';
import { type Context, type Entries, report } from './context.ts';
import { checkKeys } from './keys.ts';
import { blockKeywords } from './keywords.ts';
import { readLoop } from './loop.ts';
import { readNodes } from './nodes.ts';
import type { Outer } from './outer.ts';
import { around, readDefaults, readPassed } from './passed.ts';
import { readList, readText } from './read.ts';

/** Reads `block`, with `rescue` and `always`. */
export async function readBlock(
  context: Context,
  { entries, id, outer }: { entries: Entries; id: string; outer: Outer },
): Promise<Block | undefined> {
  checkKeys(context, entries, 'block', blockKeywords);
  const passed = readPassed(context, entries, outer);
  const inside = around(outer, passed, readDefaults(context, entries, outer.defaults));
  const part = async (key: 'block' | 'rescue' | 'always', at: string): Promise<Node[]> => {
    const list = readList(context, entries, key);
    return list ? readNodes(context, list, { id: at, outer: inside }) : [];
  };
  if (entries.value['block'] === undefined) {
    const advice = '"rescue" and "always" belong to a "block" of tasks';
    return report(context, 'E_KEY_MISSING', { key: 'block', place: 'task', advice }, entries.locate());
  }
  const name = readText(context, entries, 'name')?.value ?? 'block';
  return {
    kind: 'block',
    id,
    name,
    when: readConditions(context, entries, 'when'),
    ...readLoop(context, entries),
    ...(passed.vars && { vars: passed.vars }),
    bodies: [{ name, nodes: await part('block', id), handlers: [] }],
    rescue: await part('rescue', `${id}/rescue`),
    always: await part('always', `${id}/always`),
    source: entries,
  };
}
