import { join, resolve } from 'node:path';
import type { FunctionContext } from '../model/function-context.ts';

/** Where a path lies on the controller: `~` is the home directory, and what is relative starts beside the playbook. */
export function controllerPath(path: string, { home, playbookDir }: FunctionContext): string {
  if (path === '~') return home;
  return resolve(playbookDir, path.startsWith('~/') ? join(home, path.slice(2)) : path);
}
