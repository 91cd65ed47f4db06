import type { StoredUse } from './stored.ts';

/**
 * What functions may know of the run beside their arguments. It stays the same for one host from the start of a run to its end, so that
 * a text means the same wherever it is rendered.
 */
export interface FunctionContext {
  /** When the run began. */
  now: Date;
  /** What random values are made from: of this run and this host alone, unguessable. */
  seed: string;
  /** The environment that play was started in. */
  env: Readonly<Record<string, string | undefined>>;
  /** Home directory of the user on the controller. */
  home: string;
  /** Relative paths on the controller start here. Absolute. */
  playbookDir: string;
  /** A file of the controller, found as `copy` finds its source. Throws ProblemError when it cannot be read. */
  readFile(path: string): Uint8Array;
  /** A value of a store of AWS, as it was read before the run. Throws what says that it is not known (yet). */
  stored(use: StoredUse): string;
}
