import { foreignKeys } from '../problems/words/foreign-keys.ts';
import { type Context, type Entries, report } from './context.ts';
import { unknownKey } from './keys.ts';
import { renamedModules, taskKeywords } from './keywords.ts';
import { nearName } from './near.ts';

const keywords = new Set<string>(taskKeywords);

/** Collections whose module names are taken without them: `ansible.builtin.copy` is `copy`. */
const COLLECTION = /^(?:ansible\.(?:builtin|posix|legacy)|community\.general)\./;

/**
 * The one module a task names. Every key that is neither a module nor a keyword is reported:
 * as a module when the task has none, else as a key.
 */
export async function findModule(context: Context, entries: Entries): Promise<string | undefined> {
  const keys = Object.keys(entries.value);
  if (keys.some((key) => key.includes('.') && !isModule(context, key))) await addInstalled(context);
  const [module, second] = keys.filter((key) => isModule(context, key));
  const others = keys.filter((key) => !keywords.has(key) && !isModule(context, key));
  const known = Object.keys(context.modules);
  if (second !== undefined && module !== undefined) {
    const also = [{ at: entries.locate([module], 'key'), label: `"${module}" is here` }];
    report(context, 'E_MODULE_TWO', { first: module, second }, entries.locate([second], 'key'), also);
  }
  for (const key of others) {
    const near = nearestModule(context, key);
    const nearKeyword = nearName(key, taskKeywords);
    if (module === undefined && (near !== undefined || nearKeyword === undefined) && !Object.hasOwn(foreignKeys, key)) {
      const facts = { name: key, modules: known, ...(near !== undefined && { similar: near }) };
      report(context, 'E_MODULE_UNKNOWN', facts, entries.locate([key], 'key'));
    } else unknownKey(context, entries, { key, place: 'task', allowed: taskKeywords });
  }
  if (module === undefined && others.length === 0)
    report(context, 'E_MODULE_MISSING', { modules: known }, entries.locate());
  return module;
}

/** Modules of libraries have a dot in their names, and nothing else in a task has. */
async function addInstalled(context: Context): Promise<void> {
  const found = await context.libraries?.installed();
  if (!found) return;
  context.modules = { ...found.modules, ...context.modules };
  context.problems.push(...found.problems.filter((each) => !context.problems.includes(each)));
}

function isModule(context: Context, key: string): boolean {
  return Object.hasOwn(context.modules, key);
}

function nearestModule(context: Context, key: string): string | undefined {
  const name = key.replace(COLLECTION, '');
  const renamed = Object.hasOwn(renamedModules, name) ? renamedModules[name] : undefined;
  const found = [name, renamed].find((one) => one !== undefined && isModule(context, one));
  return found ?? nearName(name, Object.keys(context.modules));
}
