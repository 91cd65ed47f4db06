import { createHash } from 'node:crypto';
import { basename, isAbsolute, join } from 'node:path';

/** Where a run's records are looked for. */
export interface Place {
  /** `$XDG_STATE_HOME/play`; see `stateDirectory`. */
  stateDir: string;
  /** The folder of one project below it; see `projectName`. */
  project: string;
}

/** The folder of everything play remembers. A relative XDG_STATE_HOME is ignored, as its specification asks. */
export function stateDirectory(env: Record<string, string | undefined>, home: string): string {
  const state = env['XDG_STATE_HOME'];
  return join(state && isAbsolute(state) ? state : join(home, '.local', 'state'), 'play');
}

/** The name under which runs of playbooks in a folder are kept: readable, and different for every folder. */
export function projectName(folder: string): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 6);
  const name = basename(folder)
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 60);
  return `${name || 'root'}-${hash}`;
}

/** The folder that holds one folder per run. */
export function runsDirectory({ stateDir, project }: Place): string {
  return join(stateDir, project, 'runs');
}
