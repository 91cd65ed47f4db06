import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { parse } from 'yaml';
import type { HostModule, ModuleContext } from '../../../src/model/module.ts';
import type { Resource } from '../../../src/model/resource.ts';
import type { Fields, Value } from '../../../src/model/value.ts';
import { modules as every } from '../../../src/modules/index.gen.ts';
import { splitWords } from '../../../src/template/shell/split.ts';
import { contextWith } from '../context.ts';
import type { FileState } from './files.ts';

/** The modules that have cases: a `cases.yml` in their folder is all it takes. */
export const modules: Record<string, HostModule> = Object.fromEntries(
  Object.entries(every).flatMap(([name, module]) =>
    module.on === 'host' && existsSync(new URL(`../${name}/cases.yml`, import.meta.url)) ? [[name, module]] : [],
  ),
);

/**
 * One story of a module, from `<module>/cases.yml`. `$DIR` is the case's own folder, `$USER` the user of the tests, `$SHELL` the name of the
 * shell (to tell apart what cases do to the one system below them). Each is run three times: as a check, for real, and once more.
 *
 * A folder `<module>/bin` holds programs that stand for those that cannot run here (`docker`). They come first in PATH, and keep what they
 * must remember in the folder `$FAKES`. A module has all its cases with them or none.
 */
export interface Case {
  name: string;
  /** Files on the host before, by their path in the folder. */
  start?: Record<string, FileState>;
  /** Shell text that makes the start state, where files are not enough. Runs in `$DIR`. */
  given?: string;
  /** What commands of the host print after the run, when all is well: command → its whole output, without the last newline. */
  shows?: Record<string, string>;
  /** Shell text that takes away what was left outside of `$DIR`. */
  cleanup?: string;
  /** Programs that are no part of busybox and that the module cannot do without (`git`). */
  tools?: string[];
  /** Files of the controller that the module reads. */
  files?: Record<string, string>;
  /** The module's name and its parameters. */
  task: Record<string, Fields>;
  status: 'ok' | 'changed' | 'failed';
  /** How the check ends; `would-change` for changed, else the same as the run. */
  check?: string;
  /** How the run after the run ends; `ok` unless it failed. */
  again?: string;
  /** Files on the host after. */
  end?: Record<string, FileState>;
  /** Part of what is said on standard error, or why an edit failed. */
  says?: string;
  /** Some fields of `register`. */
  register?: Fields;
  /** Environment of author code; this process's PATH when not said. */
  env?: Record<string, string>;
  /** Owners cannot be changed by anyone else. */
  needs?: 'root';
}

/** The cases of a module that this user can run, or all. */
export function casesOf(module: string, { all = false } = {}): Case[] {
  const text = readFileSync(new URL(`../${module}/cases.yml`, import.meta.url), 'utf8');
  const cases = parse(text) as Case[];
  return cases.filter((one) => all || one.needs !== 'root' || userInfo().uid === 0);
}

/** Where a case is played. */
interface Place {
  user?: string;
  shell?: string;
  /** For author code. */
  path?: string;
}

/** What the module makes of the case's task in a folder. */
export async function resourceOf(one: Case, root: string, { user, shell = 'sh', path }: Place = {}): Promise<Resource> {
  const [name = '', args = {}] = Object.entries(one.task)[0] ?? [];
  const module = every[name];
  if (module?.on !== 'host') throw new Error(`no module ${name} of hosts`);
  const params = fillIn(args, { root, user, shell }) as Fields;
  for (const [key, kind] of Object.entries(module.shellText ?? {})) {
    const text = params[key];
    if (typeof text === 'string') params[key] = kind === 'words' ? wordsOf(text) : { text, assign: {} };
  }
  const context: ModuleContext = {
    ...contextWith(one.files ?? {}),
    env: one.env ?? { PATH: path ?? process.env['PATH'] ?? '' },
  };
  return module.resource(params, context);
}

function wordsOf(text: string): string[] {
  const split = splitWords({ text, mark: '\0' });
  if ('unclosed' in split) throw new Error(`an open quote in ${text}`);
  return split.words.map(({ parts }) => parts.join(''));
}

/** `$DIR`, `$USER` and `$SHELL` in every string. */
export function fillIn(value: Value, place: { root: string; shell: string; user?: string | undefined }): Value {
  const { root, shell, user = userInfo().username } = place;
  if (typeof value === 'string')
    return value.replaceAll('$DIR', root).replaceAll('$USER', user).replaceAll('$SHELL', shell);
  if (Array.isArray(value)) return value.map((item) => fillIn(item, place));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, place)]));
}
