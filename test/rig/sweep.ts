import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountComment, removeAccount } from './accounts.ts';
import { isRunning, killAll, sessionProcesses } from './processes.ts';

/** Temp directories of rigs are named after the process that owns them. */
export const rigPrefix = (pid: number): string => `play-rig-${pid}-`;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Removes what rigs of killed test runs left behind: server, users, directories. A test that ends by itself leaves nothing;
 * this is for Ctrl-C and kill -9.
 */
export async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const owner = /^play-rig-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || alive(Number(owner))) continue;
    const dir = join(tmpdir(), name);
    try {
      const { pid, port } = JSON.parse(readFileSync(join(dir, 'server.json'), 'utf8'));
      if (typeof pid === 'number') await killAll(() => (isRunning(pid, dir) ? [pid] : []));
      if (typeof port === 'number') await killAll(() => sessionProcesses(port));
    } catch {
      // It died before its server was up, or another rig is sweeping the same directory.
    }
    await rm(dir, { recursive: true, force: true });
  }
  if (process.getuid?.() !== 0) return;
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, , comment] = line.split(':');
    if (name === undefined || uid === undefined || !name.startsWith('playtest')) continue;
    const owner = Number(comment?.split(' ').at(-1));
    if (comment !== accountComment(owner) || alive(owner)) continue;
    // Another rig may be removing the same user.
    await removeAccount(name, Number(uid)).catch(() => {});
  }
}
