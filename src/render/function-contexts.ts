import type { FunctionContext } from '../model/function-context.ts';
import type { Files } from './files.ts';

/** What all hosts of a run have in common for functions. */
export interface FunctionContextsOptions {
  /** When the run began. */
  now: Date;
  /** Unguessable, and another one for each run. */
  seed: string;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  playbookDir: string;
  files: Files;
}

/** What functions may ask about the run, by host: every host has random values of its own. */
export function createFunctionContexts(options: FunctionContextsOptions): (host: string) => FunctionContext {
  const { files, seed, ...shared } = options;
  const known = new Map<string, FunctionContext>();
  return (host) => {
    const context = known.get(host) ?? {
      ...shared,
      seed: `${seed}\0${host}`,
      readFile: (path: string) => files.readNow(path, { kind: 'files' }),
    };
    known.set(host, context);
    return context;
  };
}
