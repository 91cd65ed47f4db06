import { join } from 'node:path';
import type { Body, Role } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Context, type Entries, isFields, report } from './context.ts';
import { describe } from './describe.ts';
import { readHandlerNames } from './handlers.ts';
import { checkKeys } from './keys.ts';
import { roleFileKeywords } from './keywords.ts';
import { isThere, loadYaml } from './library.ts';
import { within } from './located.ts';
import { variableNameProblems } from './names.ts';
import { readHandlers, readNodes } from './nodes.ts';
import type { Outer } from './outer.ts';
import { readMapping, readText } from './read.ts';

/** Reads the role in a folder: `role.yml`, `vars.yml`, `tasks/main.yml`, `handlers/main.yml` and `modules`, of which any may be missing. */
export async function readRole(
  context: Context,
  { name, dir, id, outer }: { name: string; dir: string; id: string; outer: Outer },
): Promise<Body> {
  const own = await context.libraries?.ofRole(dir);
  for (const each of own?.problems ?? []) if (!context.problems.includes(each)) context.problems.push(each);
  const modules = own ? { ...context.modules, ...own.modules } : context.modules;
  const inside: Context = { ...context, modules, file: join(dir, 'tasks', 'main.yml'), role: dir };
  const role = readAbout(inside, name, dir);
  const handlerList = readPart(inside, join(dir, 'handlers', 'main.yml'));
  const names = handlerList ? { ...outer, handlers: readHandlerNames(inside, handlerList, outer.handlers) } : outer;
  const tasks = readPart(inside, inside.file);
  return {
    name,
    role,
    nodes: tasks ? await readNodes(inside, tasks, { id, outer: names }) : [],
    handlers: handlerList ? await readHandlers(inside, handlerList, { id, outer: names }) : [],
  };
}

function readAbout(context: Context, name: string, dir: string): Role {
  const about = readMappingFile(context, join(dir, 'role.yml'));
  const vars = readMappingFile(context, join(dir, 'vars.yml'));
  if (vars) context.problems.push(...variableNameProblems(vars));
  refuseForeign(context, dir);
  if (!about) return { name, dir, ...(vars && { vars }) };
  checkKeys(context, about, 'role.yml', roleFileKeywords);
  const description = readText(context, about, 'description')?.value;
  const params = readMapping(context, about, 'params');
  const outputs = readMapping(context, about, 'outputs');
  return {
    name,
    dir,
    ...(description !== undefined && { description }),
    ...(params && { params, defaults: defaultsOf(params) }),
    ...(vars && { vars }),
    ...(outputs && { outputs }),
  };
}

/** The parameters that have a default, with it. */
function defaultsOf(params: Entries): Located<Fields> {
  const value: { [name: string]: Value } = {};
  for (const [name, declaration] of Object.entries(params.value)) {
    if (isFields(declaration) && declaration['default'] !== undefined) value[name] = declaration['default'];
  }
  return {
    value,
    locate: ([name, ...rest] = [], side = 'value') =>
      params.locate(name === undefined ? [] : side === 'key' ? [name] : [name, 'default', ...rest], side),
  };
}

/** Folders of roles that are written for Ansible, which would be passed over in silence. */
function refuseForeign(context: Context, dir: string): void {
  for (const [folder, instead] of [
    ['defaults', 'role.yml, as "params: { NAME: { default: … } }"'],
    ['vars', 'vars.yml'],
    ['meta', 'role.yml; roles that it needs are used in its tasks'],
  ] as const) {
    const path = join(dir, folder, 'main.yml');
    if (!isThere(context.folders, path)) continue;
    context.sources.set(path, '');
    report(context, 'E_ROLE_FOREIGN', { path, instead }, { file: path, start: 0, end: 0 });
  }
}

function readMappingFile(context: Context, path: string): Entries | undefined {
  const root = isThere(context.folders, path) ? loadYaml(context, path) : undefined;
  if (!root || root.value === null) return undefined;
  if (isFields(root.value)) return within(root, [], root.value);
  return report(
    context,
    'E_ITEM_TYPE',
    { what: path, wanted: 'a mapping', found: describe(root.value) },
    root.locate(),
  );
}

/** A file that holds a list of tasks. */
export function readPart(context: Context, path: string): Located<Value[]> | undefined {
  const root = isThere(context.folders, path) ? loadYaml(context, path) : undefined;
  if (!root || root.value === null) return undefined;
  if (Array.isArray(root.value)) return within(root, [], root.value);
  const facts = { what: path, wanted: 'a list of tasks', found: describe(root.value) };
  return report(context, 'E_ITEM_TYPE', facts, root.locate());
}
