import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Something in a folder of this machine. */
export type LocalEntry = { path: string; mode: string } & (
  | { kind: 'directory' }
  | { kind: 'file'; size: number; source: string }
  | { kind: 'link'; target: string }
);

/** Everything in a folder, by its path from there, a directory before what is in it. `leaveOut` says of each path whether it does not count. */
export async function localTree(
  root: string,
  { leaveOut, followLinks = false }: { leaveOut(path: string): boolean; followLinks?: boolean },
): Promise<LocalEntry[]> {
  const entries: LocalEntry[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const name of (await readdir(join(root, folder))).sort()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (leaveOut(path)) continue;
      const source = join(root, path);
      const found = await lstat(source);
      const mode = (found.mode & 0o7777).toString(8).padStart(4, '0');
      if (found.isSymbolicLink() && !followLinks) {
        entries.push({ path, mode, kind: 'link', target: await readlink(source) });
      } else if (found.isDirectory()) {
        entries.push({ path, mode, kind: 'directory' });
        await walk(path);
      } else if (found.isFile()) {
        entries.push({ path, mode, kind: 'file', size: found.size, source });
      }
      // Sockets, pipes and devices are not content.
    }
  };
  await walk('');
  return entries;
}

/** The sha256 of a file, in hex. */
export async function sumOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** A test of paths by patterns as rsync has them: `*.log` anywhere, `/build` at the top, `cache/` only directories are meant by their contents too. */
export function excluding(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map((pattern) => {
    const bare = pattern.replace(/\/$/, '');
    const anchored = bare.startsWith('/') || bare.includes('/');
    const body = bare
      .replace(/^\//, '')
      .split(/(\*\*|\*|\?)/)
      .map((part) =>
        part === '**'
          ? '.*'
          : part === '*'
            ? '[^/]*'
            : part === '?'
              ? '[^/]'
              : part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
      )
      .join('');
    return new RegExp(`${anchored ? '^' : '(?:^|/)'}${body}$`, 's');
  });
  return (path) => tests.some((test) => test.test(path));
}
