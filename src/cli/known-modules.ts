import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Library } from '../library/library.ts';
import type { Module, Modules } from '../model/module.ts';
import type { Sources } from '../model/span.ts';
import { loaders } from '../modules/loaders.gen.ts';
import { loadValidator, type Validator } from '../modules/validate.ts';
import type { LibrarySource, Validate } from '../parse/context.ts';
import { taskKeywords } from '../parse/keywords.ts';
import type { Problem } from '../problems/problem.ts';

/** The modules that a playbook can use, and the checks of those that it does use. */
export interface KnownModules {
  /** Ours, and those beside the playbook. */
  modules: Modules;
  /** What is wrong with names of files beside the playbook. */
  problems: Problem[];
  validate: Validate;
  libraries: LibrarySource;
  /** Synchronous once a module's parameters have been checked. */
  validator(module: Module): Validator;
  /** What is not ours; loaded when first asked for. */
  library(): Promise<Library>;
}

/** Looks beside the playbook; the code that reads other modules than ours is loaded only when there are some. */
export async function knownModules(options: {
  playbookDir: string;
  cwd: string;
  sources: Sources;
}): Promise<KnownModules> {
  let loading: Promise<Library> | undefined;
  const library = (): Promise<Library> => {
    loading ??= import('../library/library.ts').then(({ createLibrary }) =>
      createLibrary({
        ...options,
        taken: {
          builtIn: (name) => Object.hasOwn(loaders, name),
          keyword: (name) => taskKeywords.some((word) => word === name),
        },
      }),
    );
    return loading;
  };
  const validators = new Map<Module, Validator>();
  const validatorOf = async (module: Module): Promise<Validator> => {
    if ((await loaders[module.name]?.()) === module) return loadValidator(module.name);
    return (await library()).validator(module) ?? (() => []);
  };
  const hasOwn = existsSync(join(options.playbookDir, 'modules'));
  const own = hasOwn ? (await library()).own() : { modules: {}, problems: [] };
  return {
    modules: { ...loaders, ...own.modules },
    problems: own.problems,
    async validate(module, params) {
      const validator = validators.get(module) ?? (await validatorOf(module));
      validators.set(module, validator);
      return validator(params);
    },
    libraries: {
      named: async (texts) => (await library()).named(texts),
      installed: async () => (await library()).installed(),
      async ofRole(dir) {
        const path = resolve(options.cwd, dir);
        return existsSync(join(path, 'modules')) ? (await library()).modulesOf(path) : { modules: {}, problems: [] };
      },
      rolesFolder: async (namespace) => (await library()).rolesFolder(namespace),
      roleNames: async () => (await library()).roles().map(({ name }) => name),
    },
    validator: (module) => validators.get(module) ?? (() => []),
    library,
  };
}
