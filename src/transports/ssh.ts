import { setMaxListeners } from 'node:events';
import type { Connection, ConnectOptions, Pipe, Target, Transport } from '../model/transport.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { Link } from '../ssh/handshake.ts';
import { hopsTo } from '../ssh/hops.ts';
import { requiredKeys } from '../ssh/identities.ts';
import { createJumps, type LeaseJump } from '../ssh/jumps.ts';
import { reach } from '../ssh/reach.ts';
import { createSshRun, type SshRun, type SshSettings } from '../ssh/run.ts';
import { openChannel } from './channel.ts';
import { within } from './within.ts';

/** The transport, and a way to load what is heavy while there is still something else to do. */
export interface SshTransport extends Transport {
  warm(): Promise<void>;
}

/**
 * Makes the SSH transport of one run. It holds what the connections of the run share (key files, agent, known_hosts, jump hosts,
 * handshake limits), so make one a run and let it go afterwards.
 */
export function createSshTransport(settings: SshSettings): SshTransport {
  const run = createSshRun(settings);
  const jumps = createJumps();
  return {
    name: 'ssh',
    warm: async () => {
      await run.ssh2();
    },
    async connect(target, options) {
      try {
        return await connect(target, options, run, jumps);
      } catch (error) {
        if (error instanceof ProblemError || !options.signal.aborted) throw error;
        throw new ProblemError(problem('E_CONNECT_CANCELLED', { host: target.name }));
      }
    },
  };
}

async function connect(target: Target, options: ConnectOptions, run: SshRun, jumps: LeaseJump): Promise<Connection> {
  options.signal.throwIfAborted();
  // All hosts of a run listen to the same signal; Node takes more than ten for a leak.
  setMaxListeners(0, options.signal);
  const config = await run.config(options.sshConfig);
  const note = (message: string): void => run.note(options.note, message);
  config.notes.forEach(note);
  const hops = hopsTo(target, { config, local: run.local, hostKeys: options.hostKeys, note });
  // All of them before the first connection: what cannot work is told without anyone being bothered.
  const { ask } = options;
  const keys = await requiredKeys(hops, run, ask && ((question, how) => run.inTurn(() => ask(question, how))));

  const way = await jumps(hops.slice(0, -1), options.signal, (hop, via) =>
    reach({ hop, keys: keys[hops.indexOf(hop)] ?? [], via, run, options }),
  ).catch((error) => {
    throw named(error, target.name);
  });
  const last = hops.at(-1);
  if (last === undefined) throw new Error('a way without hops');
  try {
    const link = await reach({ hop: last, keys: keys.at(-1) ?? [], via: way?.link, run, options });
    link.closed.then(() => way?.release());
    return connectionOf(link, target, run, () => way?.release());
  } catch (error) {
    way?.release();
    throw error;
  }
}

/** Milliseconds that saying goodbye may take; through a jump host that is frozen it would never end. */
const farewell = 1_000;

function connectionOf(link: Link, target: Target, run: SshRun, release: () => void): Connection {
  const running = new Set<Pipe>();
  return {
    capabilities: { interactive: true, streams: true, recorded: false },
    async open(command, sink) {
      const pipe = await openChannel({ link, label: target.name, command, sink, deadline: run.deadlines.channel });
      running.add(pipe);
      pipe.ended.then(() => running.delete(pipe));
      return pipe;
    },
    async close() {
      for (const pipe of running) pipe.close();
      link.close();
      await within(farewell, link.closed);
      release();
    },
  };
}

/** Puts the host's name before problems of a jump host, which several hosts may share. */
function named(error: unknown, host: string): unknown {
  if (!(error instanceof ProblemError)) return error;
  const problems = error.problems.map((one): Problem => {
    const facts = 'host' in one.facts ? { ...one.facts, host: `${host}: ${one.facts.host}` } : one.facts;
    return { ...one, facts } as Problem;
  });
  return new ProblemError(problems);
}
