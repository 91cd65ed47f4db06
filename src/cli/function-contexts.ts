import type { FunctionContext } from '../model/function-context.ts';
import type { Files } from '../render/files.ts';
import { createFunctionContexts } from '../render/function-contexts.ts';
import type { Stored } from './stored.ts';
import type { Surroundings } from './surroundings.ts';

/** What functions may ask about this run: its time and its seed are made here, once. */
export function functionContexts(
  { now, random, env, home }: Surroundings,
  { playbookDir, files, stored }: { playbookDir: string; files: Files; stored?: Stored },
): (host: string) => FunctionContext {
  const seed = (): string => random(16).toString('hex');
  return createFunctionContexts({ now: new Date(now()), seed, env, home, playbookDir, files, stored: stored?.value });
}
