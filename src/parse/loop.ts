import type { Task } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import { type Context, type Entries, report } from './context.ts';
import { checkKeys } from './keys.ts';
import { within } from './located.ts';
import { readMapping, readText, wrong } from './read.ts';

/** `loop` (a list, or an expression that gives one) and `loop_control: { label }`. */
export function readLoop(context: Context, entries: Entries): Pick<Task, 'loop' | 'loopLabel'> {
  const loop = loopOf(context, entries);
  const control = readMapping(context, entries, 'loop_control');
  if (!control) return loop;
  checkKeys(context, control, 'loop_control', ['label']);
  if (entries.value['loop'] === undefined) {
    const facts = { key: 'loop', place: 'task', advice: '"loop_control" does nothing without a "loop"' } as const;
    report(context, 'E_KEY_MISSING', facts, entries.locate(['loop_control'], 'key'));
  }
  const loopLabel = readText(context, control, 'label');
  return { ...loop, ...(loopLabel && { loopLabel }) };
}

function loopOf(context: Context, entries: Entries): Pick<Task, 'loop'> {
  const value: Value | undefined = entries.value['loop'];
  if (value === undefined) return {};
  if (Array.isArray(value)) return { loop: within(entries, ['loop'], value) };
  if (typeof value === 'string' && value.trim() !== '') return { loop: within(entries, ['loop'], value) };
  const advice =
    typeof value === 'number'
      ? `to count, write: loop: range(${value})`
      : 'to go through a mapping, write an expression: loop: keys(NAME)';
  wrong(context, entries, 'loop', 'a list, or an expression that gives one', advice);
  return {};
}
