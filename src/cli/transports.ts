import process from 'node:process';
import type { Pace, Target, Transport } from '../model/transport.ts';
import { createPace } from '../ssh/paced.ts';
import { createLocalTransport } from '../transports/local.ts';
import { createSshTransport } from '../transports/ssh.ts';
import type { RunOptions } from './options.ts';
import { quietSdk } from './quiet-sdk.ts';
import type { Surroundings } from './surroundings.ts';

/** The transports of one run. */
export interface Transports {
  of(name: Target['transport']): Transport;
  pace: Pace;
  /** Loads the SSH library while the playbook is still being read, when the run looks remote. */
  warm(): void;
  exit(code: number): void;
}

/** Makes them; nothing is loaded or contacted yet. */
export function createTransports(options: RunOptions, around: Surroundings): Transports {
  const local = createLocalTransport({ env: around.env, cwd: around.cwd });
  const ssh = createSshTransport({
    user: around.user(),
    home: around.home,
    uid: around.uid,
    agent: around.env['SSH_AUTH_SOCK'],
  });
  const ssm = lazySsm(around);
  const all = { local, ssh, ssm };
  return {
    of: (name) => all[name],
    pace: createPace(),
    warm() {
      if (options.inventory.length > 0) void ssh.warm().catch(() => undefined);
    },
    exit: (code) => process.exit(code),
  };
}

/** Loaded with the first host that is reached through AWS. */
function lazySsm({ env }: Surroundings): Transport {
  let transport: Promise<Transport> | undefined;
  const load = async (): Promise<Transport> => {
    quietSdk(process.env);
    const { createSsmTransport } = await import('../transports/ssm.ts');
    return createSsmTransport({ env });
  };
  return {
    name: 'ssm',
    spreads: true,
    async connect(target, options) {
      transport ??= load();
      return (await transport).connect(target, options);
    },
  };
}
