import { dirname, join, relative, resolve } from 'node:path';
import { moduleDoc } from '../library/module-doc.ts';
import type { Module, Modules } from '../model/module.ts';
import type { ModuleRow } from '../model/module-doc.ts';
import type { Sources } from '../model/span.ts';
import { loaders as builtIn } from '../modules/loaders.gen.ts';
import { exitCode } from '../problems/exit-code.ts';
import { printProblems } from '../problems/frame.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { modulePage, modulesTable } from '../reporters/module-page.ts';
import { createStyle } from '../reporters/style.ts';
import { similar } from '../util/similar.ts';
import { readBook } from './book.ts';
import type { Surroundings } from './surroundings.ts';

/** What `play modules` can be told. */
export interface ModulesOptions {
  playbook?: string;
  format: 'text' | 'json';
}

/** `play modules [NAME]`: every module that a playbook here can use, or the documentation of one. */
export async function showModules(
  name: string | undefined,
  options: ModulesOptions,
  around: Surroundings,
): Promise<number> {
  const sources: Sources = new Map();
  const { known, problems } = await readBook(options.playbook, sources, around);
  const library = await known.library();
  const others = library.ofLibraries();
  const ofRoles = library.roles().map(({ dir }) => ({ dir: join(dir, 'modules'), ...library.modulesOf(dir) }));
  const all: Modules = {
    ...Object.assign({}, ...ofRoles.map(({ modules }) => modules)),
    ...others.modules,
    ...known.modules,
  };
  problems.push(...others.problems, ...ofRoles.flatMap((each) => each.problems));
  const from = (key: string): string => {
    if (Object.hasOwn(builtIn, key)) return 'built in';
    const namespace = key.includes('.') ? key.slice(0, key.indexOf('.')) : undefined;
    const dir = library.libraries().find((each) => each.namespace === namespace)?.dir;
    const role = Object.hasOwn(known.modules, key) ? undefined : ofRoles.findLast(({ modules }) => key in modules)?.dir;
    const base =
      dir ?? role ?? resolve(around.cwd, options.playbook === undefined ? '.' : dirname(options.playbook), 'modules');
    return relative(around.cwd, base) || base;
  };
  const load = async (key: string): Promise<Module | undefined> => {
    const entry = all[key];
    if (typeof entry !== 'function') return entry;
    try {
      return await entry();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const style = createStyle({ color: around.color, unicode: around.unicode });
  const print = (lines: readonly string[]): void => void around.stdout.write(`${lines.join('\n')}\n`);
  const ending = (found: readonly Problem[]): number => {
    if (found.length > 0)
      around.stderr.write(printProblems(found, { sources, width: around.width(), color: around.color > 0 }));
    return exitCode(found);
  };

  if (name === undefined) {
    const rows: ModuleRow[] = [];
    for (const key of Object.keys(all).sort(
      (a, b) => Number(a in builtIn) - Number(b in builtIn) || (a < b ? -1 : 1),
    )) {
      const module = await load(key);
      if (module) rows.push({ name: key, summary: module.summary, from: from(key) });
    }
    print(options.format === 'json' ? [JSON.stringify(rows, null, 2)] : modulesTable(rows, style));
    return ending(problems);
  }
  if (!Object.hasOwn(all, name)) {
    const near = similar(name, Object.keys(all));
    const facts = { name, modules: Object.keys(all), ...(near !== undefined && { similar: near }) };
    return ending([...problems, problem('E_MODULE_UNKNOWN', facts)]);
  }
  const before = problems.length;
  const module = await load(name);
  if (!module) return ending(problems.slice(before));
  const ours = Object.hasOwn(builtIn, name)
    ? (await import('../modules/validators/params.gen.ts')).params[name]
    : undefined;
  const doc = moduleDoc(module, (ours ?? module.params) as Record<string, unknown>, from(name));
  print(options.format === 'json' ? [JSON.stringify(doc, null, 2)] : modulePage(doc, style, around.width()));
  return 0;
}
