import { dirname, join, resolve } from 'node:path';
import type { ParamDeclaration } from '../model/param.ts';
import type { Suggestion } from './commands.ts';
import { filesLike } from './files.ts';

/** Where values are looked for. */
export interface Place {
  cwd: string;
  /** `$XDG_STATE_HOME/play`, where runs are recorded. */
  stateDir: string;
  /** The playbook of the command line, when it names one. */
  playbook?: string;
  /** Inventories as given with `-i`. */
  inventory: readonly string[];
  /** What the playbook declares. */
  params: readonly ParamDeclaration[];
}

type Source = (typed: string, place: Place) => Promise<Suggestion[]>;

/** What may stand for a `<word>` or `[word]` of the usage. A word that is not here has no values that could be known. */
const sources: Readonly<Record<string, Source>> = {
  file: async (typed, { cwd }) => filesLike(typed, { cwd }),
  // An inventory may be a list of hosts, which nobody can guess.
  'file|a,b,': async (typed, { cwd }) => filesLike(typed, { cwd }),
  folder: async (typed, { cwd }) => filesLike(typed, { cwd, ending: /$^/ }),
  playbook: async (typed, { cwd }) => filesLike(typed, { cwd, ending: /\.ya?ml$/ }),
  tags: async (typed, { playbook }) => {
    if (playbook === undefined) return [];
    const { tagsOf } = await import('./playbook.ts');
    return afterLast(
      typed,
      /,/g,
      tagsOf(playbook).map((value) => ({ value })),
    );
  },
  host: async (_, place) => (await namesOf(place)).hosts.map((value) => ({ value })),
  pattern: async (typed, place) => {
    const { hosts, groups } = await namesOf(place);
    const names = [
      ...groups.map((value) => ({ value, description: 'group' })),
      ...hosts.map((value) => ({ value, description: 'host' })),
    ];
    return afterLast(typed, /[,:][&!]?|^[&!]/g, names);
  },
  'name=value': async (typed, place) => {
    const [, name] = /^([^=]+)=/.exec(typed) ?? [];
    if (name === undefined) {
      return place.params.map(({ name, help }) => ({
        value: `${name}=`,
        ...(help !== undefined && { description: help }),
      }));
    }
    const declaration = place.params.find((each) => each.name === name);
    const values = declaration ? paramValues(declaration, typed.slice(name.length + 1), place) : [];
    return values.map((each) => ({ ...each, value: `${name}=${each.value}` }));
  },
  'view[=file]': async (typed, { cwd }) => {
    const [, name] = /^([^=]+)=/.exec(typed) ?? [];
    if (name === undefined) {
      const { reporterNames } = await import('../reporters/create.ts');
      return reporterNames.map((value) => ({ value }));
    }
    return filesLike(typed.slice(name.length + 1), { cwd }).map(({ value }) => ({ value: `${name}=${value}` }));
  },
  run: async (_, { stateDir, cwd }) => {
    const [{ projectName }, { runIds }] = await Promise.all([
      import('../journal/paths.ts'),
      import('../journal/read.ts'),
    ]);
    const ids = await runIds({ stateDir, project: projectName(cwd) });
    return ids.reverse().map((value) => ({ value }));
  },
  module: async (_, { cwd }) => {
    const [{ summaries }, { listFolder }] = await Promise.all([
      import('../modules/summaries.gen.ts'),
      import('../library/folder.ts'),
    ]);
    const own = listFolder({ dir: join(cwd, 'modules'), shown: (path) => path }).found;
    return [
      ...own.map(({ name }) => ({ value: name })),
      ...Object.entries(summaries).map(([value, description]) => ({ value, description })),
    ];
  },
};

/** Values for a word of the usage, of those that begin as it was typed or another. Never fails: what cannot be read has no values. */
export async function valuesFor(word: string, typed: string, place: Place): Promise<Suggestion[]> {
  const source = Object.hasOwn(sources, word) ? sources[word] : undefined;
  return source ? source(typed, place).catch(() => []) : [];
}

/** What may stand for a parameter. */
export function paramValues({ type, enum: allowed }: ParamDeclaration, typed: string, { cwd }: Place): Suggestion[] {
  if (allowed) return allowed.map((value) => ({ value: String(value) }));
  if (type === 'bool') return [{ value: 'true' }, { value: 'false' }];
  return type === 'path' ? filesLike(typed, { cwd }) : [];
}

/** Names for the last part of a list; what stands before it stays. */
function afterLast(typed: string, separator: RegExp, names: readonly Suggestion[]): Suggestion[] {
  const last = [...typed.matchAll(separator)].at(-1);
  const before = last ? typed.slice(0, last.index + last[0].length) : '';
  const listed = before.split(separator);
  return names
    .filter(({ value }) => !listed.includes(value))
    .map((each) => ({ ...each, value: `${before}${each.value}` }));
}

/** Hosts and groups as far as the inventory can be read. */
async function namesOf({ cwd, playbook, inventory }: Place): Promise<{ hosts: string[]; groups: string[] }> {
  const [{ loadInventory }, { readYaml }] = await Promise.all([
    import('../inventory/load.ts'),
    import('../parse/yaml.ts'),
  ]);
  const { inventory: found } = await loadInventory({
    sources: inventory,
    cwd,
    fileSources: new Map(),
    readYaml,
    ...(playbook !== undefined && { playbookDir: dirname(resolve(cwd, playbook)) }),
  });
  return { hosts: [...found.hosts.keys()], groups: [...found.groups.keys()] };
}
