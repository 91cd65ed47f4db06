import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What there is to say about one path, by the name of the property. */
export type Entry = Record<string, string>;

/** Everything below a folder, by path, without what is in a `.git` or `NAME.git`. Copies that were kept of old files have names without their time. */
export type Tree = Map<string, Entry>;

/** Looks at a whole folder. The folder itself is written `$DIR` in texts. */
export function treeOf(root: string): Tree {
  const tree: Tree = new Map();
  const names = new Map<bigint, string[]>();
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const full = join(root, path);
    const stats = lstatSync(full, { bigint: true });
    // What git keeps differs from one clone to the next; what is checked out does not, and `shows` asks git.
    if (/\.git\//.test(path)) continue;
    const name = nameOf(path);
    tree.set(name, {
      type: typeOf(stats),
      ...(!stats.isSymbolicLink() && { mode: (Number(stats.mode) & 0o7777).toString(8).padStart(4, '0') }),
      owner: String(stats.uid),
      group: String(stats.gid),
      ...(stats.isFile() && { text: textOf(full, root), mtime: String(stats.mtimeNs) }),
      ...(stats.isSymbolicLink() && { target: readlinkSync(full).replaceAll(root, '$DIR') }),
    });
    if (stats.isFile()) names.set(stats.ino, [...(names.get(stats.ino) ?? []), name]);
  }
  for (const same of names.values()) {
    if (same.length > 1) for (const name of same) tree.get(name)!['names'] = same.join(' = ');
  }
  return tree;
}

/** The same tree with the times said as kept or new. */
export function changesSince(before: Tree, after: Tree): Tree {
  return new Map(
    [...after].map(([name, entry]) => {
      const { mtime, ...rest } = entry;
      if (mtime === undefined) return [name, rest];
      return [name, { ...rest, mtime: before.get(name)?.['mtime'] === mtime ? 'kept' : 'new' }];
    }),
  );
}

/** play writes `NAME.2026-01-31T12:00:00Z~`, Ansible `NAME.PID.2026-01-31@12:00:00~`. */
function nameOf(path: string): string {
  // Ansible copies content under a name like this where dest is a directory.
  if (/(^|\/)tmp[a-z0-9_]{8}$/.test(path)) return path.replace(/tmp[a-z0-9_]{8}$/, 'tmpNAME');
  return path.replace(/\.(\d+\.)?\d{4}-\d\d-\d\d[T@]\d\d:\d\d:\d\dZ?~$/, '.TIME~');
}

function typeOf(stats: BigIntStats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'special';
}

function textOf(path: string, root: string): string {
  const bytes = readFileSync(path);
  const text = bytes.toString('utf8');
  // The number of a process that the start state has begun.
  if (path.endsWith('pid') && /^\d+\n$/.test(text)) return 'a number';
  return Buffer.from(text).equals(bytes) ? text.replaceAll(root, '$DIR') : `base64 ${bytes.toString('base64')}`;
}
