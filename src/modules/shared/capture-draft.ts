import { dirname, join } from 'node:path';
import type { ControllerContext } from '../../model/module.ts';
import { sumOfFile } from './local-tree.ts';

/**
 * Where a file is written before it takes its place: one that is written only in part replaces none, and one that is the same is left alone. In
 * check mode nothing is written where it would be.
 */
export async function draftOf(dest: string, { check }: ControllerContext) {
  const { mkdir, mkdtemp, rename, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  if (!check) await mkdir(dirname(dest), { recursive: true });
  const folder = check ? await mkdtemp(join(tmpdir(), 'play-pcap-')) : undefined;
  const path = folder === undefined ? `${dest}.part` : join(folder, 'draft');
  return {
    path,
    async settle(place: string): Promise<boolean> {
      if ((await sumOf(place)) === (await sumOf(path))) return false;
      if (!check) await rename(path, place);
      return true;
    },
    remove: () => rm(folder ?? path, { recursive: true, force: true }),
  };
}

async function sumOf(path: string): Promise<string | undefined> {
  try {
    return await sumOfFile(path);
  } catch {
    return undefined;
  }
}
