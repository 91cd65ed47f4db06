import type { FunctionContext } from '../model/function-context.ts';
import type { StoredUse } from '../model/stored.ts';
import type { Files } from './files.ts';
import { NotYet } from './scope.ts';

/** What all hosts of a run have in common for functions. */
export interface FunctionContextsOptions {
  /** When the run began. */
  now: Date;
  /** Gives one that is unguessable, and another one for each run: asked at most once, and only where something is random. */
  seed(): string;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  playbookDir: string;
  files: Files;
  /** Values of stores of AWS; undefined while they are not read. Throws ProblemError for one that never will be. */
  stored?: ((use: StoredUse) => string | undefined) | undefined;
}

/** What functions may ask about the run, by host: every host has random values of its own. */
export function createFunctionContexts(options: FunctionContextsOptions): (host: string) => FunctionContext {
  const { files, seed, stored, ...shared } = options;
  let ofRun: string | undefined;
  const known = new Map<string, FunctionContext>();
  return (host) => {
    const context = known.get(host) ?? {
      ...shared,
      get seed() {
        ofRun ??= seed();
        return `${ofRun}\0${host}`;
      },
      readFile: (path: string) => files.readNow(path, { kind: 'files' }),
      stored(use: StoredUse) {
        const value = stored?.(use);
        if (value === undefined) throw new NotYet('stored', use.name);
        return value;
      },
    };
    known.set(host, context);
    return context;
  };
}
