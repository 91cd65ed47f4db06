import type { FunctionContext } from '../model/function-context.ts';
import type { Files } from './files.ts';

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
}

/** What functions may ask about the run, by host: every host has random values of its own. */
export function createFunctionContexts(options: FunctionContextsOptions): (host: string) => FunctionContext {
  const { files, seed, ...shared } = options;
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
    };
    known.set(host, context);
    return context;
  };
}
