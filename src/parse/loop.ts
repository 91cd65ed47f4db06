import type { LoopControl, Task } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import { type Context, type Entries, report } from './context.ts';
import { checkKeys } from './keys.ts';
import { loopControlKeywords } from './keywords.ts';
import { within } from './located.ts';
import { registerNameFault } from './names.ts';
import { readDuration, readFlag, readMapping, readNumber, readText, wrong } from './read.ts';

/** `loop` (a list, or an expression that gives one) and `loop_control`. */
export function readLoop(context: Context, entries: Entries): Pick<Task, 'loop' | 'loopControl'> {
  const loop = loopOf(context, entries);
  const control = readMapping(context, entries, 'loop_control');
  if (!control) return { ...loop, loopControl: { stopOnError: false } };
  checkKeys(context, control, 'loop_control', loopControlKeywords);
  if (entries.value['loop'] === undefined) {
    const facts = { key: 'loop', place: 'task', advice: '"loop_control" does nothing without a "loop"' } as const;
    report(context, 'E_KEY_MISSING', facts, entries.locate(['loop_control'], 'key'));
  }
  return { ...loop, loopControl: readControl(context, control) };
}

function readControl(context: Context, control: Entries): LoopControl {
  const label = readText(context, control, 'label');
  const loopVar = readName(context, control, 'loop_var');
  const indexVar = readName(context, control, 'index_var');
  const pause = readDuration(context, control, 'pause');
  const parallel = readNumber(context, control, 'parallel', { least: 1 });
  if (parallel !== undefined) {
    for (const other of ['stop_on_error', 'pause'] as const) {
      const advice = [{ at: control.locate([other], 'key'), label: `"${other}" is here` }];
      if (control.value[other] === undefined || control.value[other] === false) continue;
      report(context, 'E_KEY_BOTH', { key: 'parallel', other }, control.locate(['parallel'], 'key'), advice);
    }
  }
  return {
    stopOnError: readFlag(context, control, 'stop_on_error') ?? false,
    ...(label && { label }),
    ...(loopVar !== undefined && { loopVar }),
    ...(indexVar !== undefined && { indexVar }),
    ...(pause !== undefined && { pause }),
    ...(parallel !== undefined && { parallel }),
  };
}

function readName(context: Context, control: Entries, key: string): string | undefined {
  const name = readText(context, control, key);
  const fault = name && !['item', 'index'].includes(name.value) && registerNameFault(name.value);
  if (fault) return report(context, 'E_REGISTER_NAME', { name: name.value, ...fault }, name.locate());
  return name?.value;
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
