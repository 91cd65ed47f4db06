import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Sources } from '../model/span.ts';
import { readDeclarations } from '../params/declarations.ts';
import { isFields } from '../parse/context.ts';
import { loadYaml } from '../parse/library.ts';
import { within } from '../parse/located.ts';
import { exitCode } from '../problems/exit-code.ts';
import { printProblems } from '../problems/frame.ts';
import { type BookOutline, outlineLines, type RoleOutline } from '../reporters/outline.ts';
import { createStyle } from '../reporters/style.ts';
import { readBook } from './book.ts';
import type { Surroundings } from './surroundings.ts';

/** `play list [FILE]`: what there is to run: the plays and tasks of a playbook, or the playbooks of this folder; roles and libraries. */
export async function list(file: string | undefined, around: Surroundings): Promise<number> {
  const sources: Sources = new Map();
  const { known, playbook, problems } = await readBook(file, sources, around);
  const style = createStyle({ color: around.color, unicode: around.unicode });
  if (problems.length > 0)
    around.stderr.write(printProblems(problems, { sources, width: around.width(), color: around.color > 0 }));
  if (file !== undefined && !playbook) return exitCode(problems);
  const library = await known.library();
  const shown = (path: string): string => {
    const near = relative(around.cwd, path);
    return near === '' || near.startsWith('..') ? path : near;
  };
  const outline: BookOutline = {
    playbooks: file === undefined ? await playbooksHere(around) : [],
    ...(playbook && { playbook }),
    roles: library.roles().map(({ name, dir }) => ({ name, from: shown(dir), ...aboutRole(shown(dir), around.cwd) })),
    libraries: library.libraries().map(({ namespace, dir }) => ({ name: namespace, from: shown(dir) })),
  };
  const lines = outlineLines(outline, style);
  around.stdout.write(lines.length > 0 ? `${lines.join('\n')}\n` : 'there is no playbook here: play list FILE\n');
  return exitCode(problems);
}

/** What a role says of itself, as far as it can be read. */
function aboutRole(dir: string, cwd: string): Pick<RoleOutline, 'description' | 'params'> {
  const context = { folders: { cwd, roles: [] }, sources: new Map<string, string>(), problems: [] };
  const about = loadYaml(context, join(dir, 'role.yml'));
  if (!about || !isFields(about.value)) return { params: [] };
  const { description, params } = about.value;
  const declared = isFields(params) ? readDeclarations(within(about, ['params'], params)).declarations : [];
  return { ...(typeof description === 'string' && { description }), params: declared };
}

/** Files of this folder that read as playbooks, and how many plays they have. */
async function playbooksHere(around: Surroundings): Promise<BookOutline['playbooks']> {
  const found: BookOutline['playbooks'] = [];
  for (const name of readdirSync(around.cwd).sort()) {
    if (!/\.ya?ml$/.test(name)) continue;
    const { playbook } = await readBook(name, new Map(), around);
    if (playbook) found.push({ file: name, name: playbook.name, plays: playbook.plays.length });
  }
  return found;
}
