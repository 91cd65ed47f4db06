import { join } from 'node:path';
import type { ConnectOptions } from '../model/transport.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import type { Hop } from './hops.ts';
import type { KeyFault, LoadedKey } from './keys.ts';
import type { SshRun } from './run.ts';

/** Opens the keys that were asked for, for all servers on the way. Throws ProblemError E_KEY_FILE with all of them that cannot be used. */
export async function requiredKeys(
  hops: readonly Hop[],
  run: SshRun,
  ask: ConnectOptions['ask'],
): Promise<LoadedKey[][]> {
  const problems: Problem[] = [];
  const open = async ({ label, passphrase }: Hop, path: string): Promise<LoadedKey[]> => {
    try {
      return [await run.keys.load(path, { host: label, passphrase, ask })];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  };
  const loaded = await Promise.all(
    hops.map(async (hop) => (await Promise.all(hop.keys.map((path) => open(hop, path)))).flat()),
  );
  if (problems.length > 0) throw new ProblemError(problems);
  return loaded;
}

/** What opening default keys needs. */
export interface DefaultKeysOptions {
  hop: Hop;
  run: SshRun;
  note(message: string): void;
  ask: ConnectOptions['ask'];
}

/** The keys in ~/.ssh that ssh tries by itself. One that is not there is passed over, one that does not open gets a note. */
export async function defaultKeys({ hop, run, note, ask }: DefaultKeysOptions): Promise<LoadedKey[]> {
  const found: LoadedKey[] = [];
  for (const name of ['id_ed25519', 'id_ecdsa', 'id_rsa']) {
    const path = join(run.local.home, '.ssh', name);
    try {
      found.push(await run.keys.load(path, { host: hop.label, passphrase: hop.passphrase, ask }));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const fault = error.problems[0]?.facts as { fault: KeyFault } | undefined;
      if (fault?.fault.kind !== 'missing') note(error.message);
    }
  }
  return found;
}
