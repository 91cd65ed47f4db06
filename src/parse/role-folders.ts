import { dirname, join } from 'node:path';
import type { Context } from './context.ts';
import { candidates, isThere, namesIn } from './library.ts';

/** Where roles are kept, and what stands before the names of those that are there: nothing, or a library and a dot. */
interface Place {
  folder: string;
  before: string;
}

/** The folder of a role, in the folders of the playbook, beside the role that uses it, or in a library. */
export async function findRole(context: Context, name: string): Promise<string | undefined> {
  return (await placesOf(context, name))
    .map(({ folder, before }) => join(folder, name.slice(before.length)))
    .find((path) => isThere(context.folders, path, 'folder'));
}

/** Roles that a name with templates may mean, and perhaps some that are none. */
export async function roleCandidates(context: Context, text: string): Promise<string[]> {
  return (await placesOf(context, text)).flatMap(({ folder, before }) =>
    candidates(context.folders, folder, text.slice(before.length)).map((name) => `${before}${name}`),
  );
}

/** Where a role of this name is looked for. */
export async function foldersOf(context: Context, name: string): Promise<string[]> {
  return (await placesOf(context, name)).map(({ folder }) => folder);
}

/** The names of all roles that can be used here. */
export async function knownRoles(context: Context): Promise<string[]> {
  const here = ownFolders(context).flatMap((folder) => namesIn(context.folders, folder));
  return [...here, ...((await context.libraries?.roleNames()) ?? [])];
}

/** A name with a dot may be that of a library's role; a folder that is called so comes first. */
async function placesOf(context: Context, name: string): Promise<Place[]> {
  const own = ownFolders(context).map((folder) => ({ folder, before: '' }));
  const [, before, namespace] = /^(([a-z][a-z0-9_]*)\.)/.exec(name) ?? [];
  if (before === undefined || namespace === undefined) return own;
  const folder = await context.libraries?.rolesFolder(namespace);
  return folder === undefined ? own : [...own, { folder, before }];
}

/** A role finds the roles beside it, after those of the playbook. */
function ownFolders({ folders, role }: Context): string[] {
  return [...new Set([...folders.roles, ...(role === undefined ? [] : [dirname(role)])])];
}
