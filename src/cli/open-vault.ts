import type { Secrets } from '../secrets/registry.ts';
import { createVault, type Vault } from '../secrets/vault.ts';
import { createAsk } from './ask.ts';
import type { PlanOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** Identities as the options and the environment name them; a check of files does without, and asks nothing. */
export function openVault(
  options: Pick<PlanOptions, 'identity' | 'checksOnly'>,
  { around, secrets }: { around: Surroundings; secrets: Secrets },
): Vault {
  const { env, cwd, home } = around;
  const ask = options.checksOnly ? undefined : createAsk(around, () => undefined);
  return createVault({
    places: { files: options.identity, env, cwd, home },
    secrets,
    mayStayClosed: options.checksOnly ?? false,
    ...(ask && { ask: (question) => ask(question, { echo: false }) }),
  });
}
