import { dirname, join } from 'node:path';
import type { Block, Body } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import { similar } from '../util/similar.ts';
import { readConditions } from './conditions.ts';
import { type Context, type Entries, isTemplate, report } from './context.ts';
import { checkKeys } from './keys.ts';
import { includeKeywords, roleKeywords } from './keywords.ts';
import { candidates, isThere, namesIn } from './library.ts';
import { readLoop } from './loop.ts';
import { variableNameProblems } from './names.ts';
import { readNodes } from './nodes.ts';
import type { Outer } from './outer.ts';
import { around, readDefaults, readPassed } from './passed.ts';
import { readMapping, readText } from './read.ts';
import { readPart, readRole } from './role.ts';
import { findRole, foldersOf, knownRoles, roleCandidates } from './role-folders.ts';
import { readRegister } from './task.ts';

interface Parts {
  entries: Entries;
  id: string;
  outer: Outer;
  kind: 'include' | 'role';
}

/** Reads `include: FILE` or `role: NAME`, with the tasks of every file or role that may be meant. */
export async function readUse(context: Context, { entries, id, outer, kind }: Parts): Promise<Block | undefined> {
  checkKeys(context, entries, kind, kind === 'include' ? includeKeywords : roleKeywords);
  const passed = readPassed(context, entries, outer);
  const inside = around(outer, passed, readDefaults(context, entries, outer.defaults));
  const register = readRegister(context, entries);
  const given = readMapping(context, entries, 'with');
  if (given) context.problems.push(...variableNameProblems(given));
  const what = readText(context, entries, kind);
  if (!what) return undefined;
  const names = isTemplate(what.value) ? await possible(context, kind, what) : [what.value];
  const bodies: Body[] = [];
  for (const [index, name] of names.entries()) {
    const at = isTemplate(what.value) ? `${id}/case.${index}` : id;
    const body = await readBody(context, { kind, name, what, id: at, outer: inside });
    if (body) bodies.push(body);
  }
  return {
    kind,
    id,
    name: readText(context, entries, 'name')?.value ?? `${kind} ${what.value}`,
    when: readConditions(context, entries, 'when'),
    ...readLoop(context, entries),
    ...(passed.vars && { vars: passed.vars }),
    ...(given && { with: given }),
    ...(register !== undefined && { register }),
    ...(isTemplate(what.value) && { choice: what }),
    bodies,
    rescue: [],
    always: [],
    source: entries,
  };
}

/** What a name with templates may mean; a problem when it is nothing. */
async function possible(context: Context, kind: Parts['kind'], what: Located<string>): Promise<string[]> {
  const found =
    kind === 'include'
      ? candidates(context.folders, dirname(context.file), what.value)
      : await roleCandidates(context, what.value);
  const paths = await Promise.all(found.map((name) => find(context, kind, name)));
  const names = [...new Set(found.filter((_, i) => paths[i] !== undefined))];
  if (names.length === 0) report(context, 'E_USE_NO_MATCH', { kind, name: what.value }, what.locate());
  return names;
}

async function readBody(
  context: Context,
  parts: { kind: Parts['kind']; name: string; what: Located<string>; id: string; outer: Outer },
): Promise<Body | undefined> {
  const { kind, name, what, id, outer } = parts;
  const path = await find(context, kind, name);
  if (path === undefined) {
    const near = similar(name, kind === 'role' ? await knownRoles(context) : filesBeside(context));
    const looked = kind === 'role' ? await foldersOf(context, name) : [dirname(context.file)];
    return report(context, 'E_USE_MISSING', { kind, name, looked, similar: near }, what.locate());
  }
  if (context.stack.includes(path)) {
    const names = [...context.stack.slice(context.stack.indexOf(path)), path];
    return report(context, 'E_USE_CYCLE', { names }, what.locate());
  }
  const inside: Context = { ...context, stack: [...context.stack, path] };
  if (kind === 'role') return readRole(inside, { name, dir: path, id, outer });
  const list = readPart({ ...inside, file: path }, path);
  return { name, nodes: list ? await readNodes({ ...inside, file: path }, list, { id, outer }) : [], handlers: [] };
}

/** Where the file stands (beside the one that includes it), or the role. */
async function find(context: Context, kind: Parts['kind'], name: string): Promise<string | undefined> {
  if (kind === 'role') return findRole(context, name);
  const path = join(dirname(context.file), name);
  return isThere(context.folders, path) ? path : undefined;
}

function filesBeside(context: Context): string[] {
  return namesIn(context.folders, dirname(context.file)).filter((name) => /\.ya?ml$/.test(name));
}
