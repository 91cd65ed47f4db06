import type { Inherited } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { type Context, type Entries, isFields, report } from './context.ts';
import { describe } from './describe.ts';
import { readInherited } from './inherited.ts';
import { within } from './located.ts';
import { nearName } from './near.ts';
import { merged, type Outer } from './outer.ts';
import { readFlag, readMapping, readNumber, readText, wrong } from './read.ts';

/** What a task or a block says that holds for everything in it. */
export type Passed = Inherited & Pick<Outer, 'ignoreErrors' | 'checkMode' | 'delegateTo' | 'runOnce' | 'throttle'>;

/** Reads the words that are passed on; what is not said is that of the surroundings. */
export function readPassed(context: Context, entries: Entries, outer: Outer): Passed {
  const ignoreErrors = readFlag(context, entries, 'ignore_errors') ?? outer.ignoreErrors;
  const checkMode = readFlag(context, entries, 'check_mode') ?? outer.checkMode;
  const delegateTo = readText(context, entries, 'delegate_to') ?? outer.delegateTo;
  const runOnce = readRunOnce(context, entries, outer.runOnce);
  const throttle = readNumber(context, entries, 'throttle', { least: 1 }) ?? outer.throttle;
  return {
    ...readInherited(context, entries, outer),
    ...(ignoreErrors !== undefined && { ignoreErrors }),
    ...(checkMode !== undefined && { checkMode }),
    ...(delegateTo && { delegateTo }),
    ...(runOnce && { runOnce }),
    ...(throttle !== undefined && { throttle }),
  };
}

/** What is around the tasks of something that says this. Its variables are a matter of its own. */
export function around(outer: Outer, { vars: _, ...passed }: Passed, defaults: Outer['defaults']): Outer {
  return { ...outer, ...passed, defaults };
}

/** `run_once: true` is once in every batch of hosts. */
function readRunOnce(context: Context, entries: Entries, outer: Outer['runOnce']): Outer['runOnce'] {
  const value = entries.value['run_once'];
  switch (value) {
    case undefined:
      return outer;
    case true:
    case 'batch':
      return 'batch';
    case 'play':
      return 'play';
    case false:
      return undefined;
    default:
      return wrong(context, entries, 'run_once', 'true, false, "batch" or "play"');
  }
}

/** `module_defaults`: parameters by module, beside those from around it. */
export function readDefaults(context: Context, entries: Entries, outer: Outer['defaults']): Outer['defaults'] {
  const given = readMapping(context, entries, 'module_defaults');
  if (!given) return outer;
  const defaults = new Map<string, Located<Fields>>(outer);
  for (const [name, params] of Object.entries(given.value)) {
    const at = given.locate([name], 'key');
    if (!Object.hasOwn(context.modules, name)) {
      const modules = Object.keys(context.modules);
      const near = nearName(name, modules);
      report(context, 'E_MODULE_UNKNOWN', { name, modules, ...(near !== undefined && { similar: near }) }, at);
    } else if (!isFields(params)) {
      const facts = { what: `the defaults of "${name}"`, wanted: 'a mapping', found: describe(params) };
      report(context, 'E_ITEM_TYPE', facts, given.locate([name]));
    } else defaults.set(name, merged(outer.get(name), within(given, [name], params)));
  }
  return defaults;
}
