import type { Connection, ConnectOptions, Target } from '../../src/model/transport.ts';
import type { SshSettings } from '../../src/ssh/run.ts';
import { createSshTransport } from '../../src/transports/ssh.ts';
import type { Rig } from '../rig/sshd.ts';

/** What a test wants to be different from a host that just works. */
export interface Wanted {
  target?: Partial<Target>;
  options?: Partial<ConnectOptions>;
  settings?: Partial<SshSettings>;
}

/** The first host of a rig as play would see it; the user is the account `app` if there is one, whose shell starts faster than root's. */
export function targetOf(rig: Rig, changed: Partial<Target> = {}): Target {
  return {
    name: 'web1',
    transport: 'ssh',
    address: rig.addresses[0] ?? '',
    port: rig.port,
    user: rig.accounts['app']?.name ?? rig.user,
    keys: [rig.key],
    shell: '/bin/sh',
    ...changed,
  };
}

/** Settings that depend on nothing of this machine: no home, no agent, no defaults of the person who runs the tests. */
export function settingsOf(changed: Partial<SshSettings> = {}): SshSettings {
  return { home: '/nonexistent', user: 'nobody-in-particular', uid: process.getuid?.(), retryDelay: 10, ...changed };
}

/** Connects to the first host of a rig; its keys are known unless a test says otherwise. */
export function reach(rig: Rig, { target, options, settings }: Wanted = {}): Promise<Connection> {
  return createSshTransport(settingsOf(settings)).connect(targetOf(rig, target), optionsOf(rig, options));
}

/** Options under which the host is known and nobody can be asked. */
export function optionsOf(rig: Rig, changed: Partial<ConnectOptions> = {}): ConnectOptions {
  return {
    signal: new AbortController().signal,
    hostKeys: { files: [rig.knownHostsFile()], acceptNew: false },
    ...changed,
  };
}
