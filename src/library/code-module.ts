import type { ControllerModule, HostModule, Module } from '../model/module.ts';
import type { Sources, Span } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import type { Validator } from '../modules/validate.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { isMapping, more, readAbout } from './about.ts';
import type { Evaluator } from './evaluate.ts';
import { type Guarding, guardResource, guardRun } from './guard.ts';
import { type AuthorFile, textSpan } from './place.ts';

/** A module that is ready to be used, with the check of its parameters. */
export interface Loaded {
  module: Module;
  validator: Validator;
}

const isFunction = { is: (value: unknown) => typeof value === 'function', wanted: 'a function' };
const isOn = { is: (value: unknown) => value === 'host' || value === 'controller', wanted: '"host" or "controller"' };
const isAny = { is: () => true, wanted: '' };

/** Reads a module in TypeScript or JavaScript. `key`: what a task says, with the name of the library before it. Throws ProblemError. */
export async function loadCodeModule(options: {
  file: AuthorFile;
  name: string;
  key: string;
  sources: Sources;
  evaluator: Evaluator;
}): Promise<Loaded> {
  const { file, name, key, sources, evaluator } = options;
  const exported = await evaluator.exportsOf(file);
  const given = moduleOf(exported, name);
  const place = (word?: string): Span =>
    textSpan(file, sources, word === undefined ? /\bexport\b.*/ : new RegExp(`(?<![\\w.])${word}(?=\\s*[:(,}])`));
  if (!given) {
    const found = Object.keys(exported).filter((each) => each !== '__esModule');
    throw new ProblemError(problem('E_OWN_EXPORT', { path: file.shown, name, found }, place()));
  }
  const refuse = (detail: string, word?: string, advice?: string): ProblemError =>
    new ProblemError(
      problem('E_OWN_SHAPE', { name: key, detail, ...(advice !== undefined && { advice }) }, place(word)),
    );
  if (given['name'] !== undefined && given['name'] !== name) {
    throw refuse(`calls itself "${String(given['name'])}"`, 'name', `its name is that of the file: name: '${name}'`);
  }
  const work = given['on'] === 'controller' ? 'run' : 'resource';
  const about = await readAbout({
    name: key,
    given,
    own: { name: more.text, on: isOn, [work]: isFunction, check: more.flag, reads: isAny, pure: more.flag },
    place,
  });
  if (given['on'] === undefined)
    throw refuse('does not say where it runs', undefined, `add on: 'host' or on: 'controller'`);
  if (given[work] === undefined) {
    throw refuse(`has no function "${work}"`, undefined, `what it does stands in ${work}(params, context) { … }`);
  }
  const guarding: Guarding = { key, sources, evaluator, withDefaults: about.withDefaults };
  const reads = given['reads'] as HostModule['reads'];
  const common = { ...about.common, name: key, ...(reads && { reads }) };
  const module: Module =
    work === 'run'
      ? {
          ...common,
          on: 'controller',
          checkMode: given['check'] === true,
          pure: false,
          run: guardRun(given as unknown as ControllerModule, guarding, given['check'] === true),
        }
      : { ...common, on: 'host', resource: guardResource(given as unknown as HostModule, guarding) };
  return { module, validator: about.validator };
}

/** The default export, or the one that is called like the file: `my_module` or `myModule`. */
function moduleOf(exported: Fields | Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const camel = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [exported['default'], exported[name], exported[camel]].find(isMapping);
}
