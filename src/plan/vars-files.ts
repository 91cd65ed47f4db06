import { dirname, join } from 'node:path';
import type { Play, Playbook } from '../model/playbook.ts';
import type { Located, Sources } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { isFields } from '../parse/context.ts';
import { describe } from '../parse/describe.ts';
import { candidates, type Folders, isThere, loadYaml } from '../parse/library.ts';
import { within } from '../parse/located.ts';
import { variableNameProblems } from '../parse/names.ts';
import { merged } from '../parse/outer.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { readOpened, type Vault } from '../secrets/vault.ts';

/** What reading `vars_files` needs. */
export interface VarsFilesOptions {
  folders: Folders;
  sources: Sources;
  problems: Problem[];
  /** Opens encrypted files: they are noted while they are asked for, opened together, and then read. */
  vault: Vault;
  /** The name with its templates filled in; undefined when it depends on a parameter that is not given, which only `play lint` meets. */
  render(name: Located<string>): string | undefined;
}

/**
 * The playbook with the variables of every play's `vars_files` on top of its `vars`, as in Ansible: a later file wins. Where a name is not known,
 * all files that it may mean are taken, so that their names are known.
 */
export async function withVarsFiles(playbook: Playbook, options: VarsFilesOptions): Promise<Playbook> {
  const { vault, problems } = options;
  const read = await readOpened(vault, () => {
    const found: Problem[] = [];
    return { complete: readAll(playbook, { ...options, problems: found }), found };
  });
  problems.push(...read.problems, ...read.result.found);
  return read.result.complete;
}

function readAll(playbook: Playbook, options: VarsFilesOptions): Playbook {
  const plays = playbook.plays.map((play): Play => {
    const vars = play.varsFiles.reduce((before, name) => addFile(before, name, { ...options, playbook }), play.vars);
    return vars ? { ...play, vars } : play;
  });
  return { ...playbook, plays };
}

function addFile(
  before: Located<Fields> | undefined,
  name: Located<string>,
  options: VarsFilesOptions & { playbook: Playbook },
): Located<Fields> | undefined {
  const { folders, problems } = options;
  const base = dirname(options.playbook.file);
  const known = options.render(name);
  const names = known === undefined ? candidates(folders, base, name.value) : [known];
  const paths = names.map((each) => join(base, each));
  const [first] = paths.filter((path) => isThere(folders, path));
  if (first === undefined) {
    const looked = paths[0] ?? join(base, name.value);
    problems.push(problem('E_VARS_FILE_MISSING', { name: known ?? name.value, looked }, name.locate()));
    return before;
  }
  return paths.reduce((all, path) => readOne(all, path, options), before);
}

function readOne(
  before: Located<Fields> | undefined,
  path: string,
  { folders, sources, problems, vault: secrets }: VarsFilesOptions,
): Located<Fields> | undefined {
  const root = loadYaml({ folders, sources, problems, secrets }, path);
  if (!root || root.value === null) return before;
  if (!isFields(root.value)) {
    const facts = { what: path, wanted: 'a mapping of variables', found: describe(root.value) };
    problems.push(problem('E_ITEM_TYPE', facts, root.locate()));
    return before;
  }
  const given = within(root, [], root.value);
  problems.push(...variableNameProblems(given));
  return merged(before, given);
}
