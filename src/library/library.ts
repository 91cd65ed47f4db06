import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { LoadModule, Module, Modules } from '../model/module.ts';
import type { Located, Sources } from '../model/span.ts';
import type { Validator } from '../modules/validate.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { type Loaded, loadCodeModule } from './code-module.ts';
import { createEvaluator } from './evaluate.ts';
import { type Found, listFolder, type Taken } from './folder.ts';
import { installedLibraries, type LibraryFolder, namedLibrary } from './libraries.ts';
import { loadProgramModule } from './program-module.ts';

/** Modules by YAML key, and what is wrong with their files. */
export interface FoundModules {
  modules: Modules;
  problems: Problem[];
}

/** Modules and roles that are not ours. Files are read when a task uses them, folders when they are asked for. */
export interface Library {
  /** Those in `modules/` beside the playbook. */
  own(): FoundModules;
  /** Those in a folder of a role, which only its own tasks see. */
  modulesOf(dir: string): FoundModules;
  /** Those of the libraries that the playbook names. */
  named(texts: readonly Located<string>[]): FoundModules;
  /** Those of installed libraries. */
  installed(): FoundModules;
  /** Those of all libraries, named so far or installed. */
  ofLibraries(): FoundModules;
  /** Where a library has its roles, as messages name it; undefined: there is no such library. */
  rolesFolder(namespace: string): string | undefined;
  /** Names of all roles, those of installed libraries too, and the folders they are in. */
  roles(): { name: string; dir: string }[];
  /** Libraries that are known so far. */
  libraries(): readonly LibraryFolder[];
  /** The check of a module's parameters; undefined: it is none of these. */
  validator(module: Module): Validator | undefined;
}

/** `taken`: names that modules beside the playbook must not have. */
export function createLibrary(options: { playbookDir: string; cwd: string; sources: Sources; taken: Taken }): Library {
  const { playbookDir, cwd, sources, taken } = options;
  const shown = (path: string): string => {
    const name = relative(cwd, path);
    return name === '' || name.startsWith('..') ? path : name;
  };
  const evaluator = createEvaluator({ sources, shown });
  const validators = new WeakMap<Module, Validator>();
  const known = new Map<string, LibraryFolder>();
  const ofRoles = new Map<string, FoundModules>();
  let scanned: FoundModules | undefined;
  const joined: Record<string, Module | LoadModule> = {};

  const loader = (found: Found, key: string): LoadModule => {
    let loading: Promise<Module> | undefined;
    const load = async (): Promise<Module> => {
      if (found.kind === 'incomplete') throw new ProblemError(found.problem);
      const loaded: Loaded =
        found.kind === 'code'
          ? await loadCodeModule({ file: found.file, name: found.name, key, sources, evaluator })
          : await loadProgramModule({ ...found, key, sources });
      validators.set(loaded.module, loaded.validator);
      return loaded.module;
    };
    return () => {
      loading ??= load();
      return loading;
    };
  };
  const modulesIn = (dir: string, namespace?: string): FoundModules => {
    const { found, problems } = listFolder({ dir, shown, ...(namespace === undefined && { taken }) });
    const entries = found.map((each) => {
      const key = namespace === undefined ? each.name : `${namespace}.${each.name}`;
      return [key, loader(each, key)] as const;
    });
    return { modules: Object.fromEntries(entries), problems };
  };
  const add = (libraries: readonly LibraryFolder[]): FoundModules => {
    const all = libraries.map(({ namespace, dir }) => modulesIn(join(dir, 'modules'), namespace));
    for (const each of libraries) known.set(each.namespace, each);
    const modules: Modules = Object.assign({}, ...all.map((each) => each.modules));
    Object.assign(joined, modules);
    return {
      modules,
      problems: all.flatMap(({ problems }) => problems),
    };
  };
  const installed = (): FoundModules => {
    // What the playbook names itself comes first.
    scanned ??= add(installedLibraries(playbookDir).filter(({ namespace }) => !known.has(namespace)));
    return scanned;
  };

  return {
    own: () => modulesIn(join(playbookDir, 'modules')),
    modulesOf(dir) {
      const found = ofRoles.get(dir) ?? modulesIn(join(dir, 'modules'));
      ofRoles.set(dir, found);
      return found;
    },
    named(texts) {
      const problems: Problem[] = [];
      const libraries: LibraryFolder[] = [];
      for (const text of texts) {
        const found = namedLibrary(text, playbookDir, shown);
        if ('problem' in found) {
          problems.push(found.problem);
          continue;
        }
        const { namespace, dir } = found.library;
        const first = libraries.find((each) => each.namespace === namespace);
        if (first && first.dir !== dir) {
          const facts = { name: namespace, first: shown(first.dir), second: shown(dir) };
          problems.push(problem('E_LIBRARY_TWICE', facts, text.locate()));
        } else libraries.push(found.library);
      }
      const found = add(libraries);
      return { modules: found.modules, problems: [...problems, ...found.problems] };
    },
    installed,
    ofLibraries: () => ({ modules: joined, problems: installed().problems }),
    rolesFolder(namespace) {
      if (!known.has(namespace)) installed();
      const dir = known.get(namespace)?.dir;
      return dir === undefined ? undefined : shown(join(dir, 'roles'));
    },
    roles() {
      installed();
      return rolesIn([...known.values()], playbookDir);
    },
    libraries: () => [...known.values()],
    validator: (module) => validators.get(module),
  };
}

function rolesIn(libraries: readonly LibraryFolder[], playbookDir: string): { name: string; dir: string }[] {
  const places = [{ namespace: '', dir: playbookDir }, ...libraries];
  return places.flatMap(({ namespace, dir }) => {
    const folder = join(dir, 'roles');
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => ({
        name: namespace === '' ? entry.name : `${namespace}.${entry.name}`,
        dir: join(folder, entry.name),
      }));
  });
}
