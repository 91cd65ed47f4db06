import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import type { Pipe, PipeSink } from '../model/transport.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { Link } from '../ssh/handshake.ts';
import { exitOf, startPipe } from './pipe.ts';

/** What opening a channel needs. */
export interface ChannelOptions {
  link: Link;
  /** The host's name, for messages. */
  label: string;
  command: string;
  sink: PipeSink;
  /** Milliseconds until the server must have started the command. */
  deadline: number;
}

/** Milliseconds after which a refused session is asked for again: sshd counts one that has just ended for a moment more. */
const pauses = [25, 50, 100, 200];

/** Runs a command over a connection. Throws ProblemError E_CHANNEL, E_CONNECTION_LOST. */
export async function openChannel(options: ChannelOptions): Promise<Pipe> {
  for (const pause of pauses) {
    try {
      return await exec(options);
    } catch (error) {
      const isFull = error instanceof ProblemError && error.problems.some((one) => isFullProblem(one));
      if (!isFull) throw error;
      await sleep(pause);
    }
  }
  return exec(options);
}

function isFullProblem({ code, facts }: Problem): boolean {
  return code === 'E_CHANNEL' && 'fault' in facts && facts.fault === 'full';
}

function exec({ link, label: host, command, sink, deadline }: ChannelOptions): Promise<Pipe> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const refuse = (why: ProblemError): void => {
      clearTimeout(timer);
      reject(why);
    };
    const lose = (reason: string): void => refuse(new ProblemError(problem('E_CONNECTION_LOST', { host, reason })));
    const timer = setTimeout(() => {
      isLate = true;
      refuse(new ProblemError(problem('E_CHANNEL', { host, fault: 'silent', seconds: deadline / 1000 })));
    }, deadline);
    try {
      link.client.exec(command, (error, channel) => {
        clearTimeout(timer);
        const reason = link.lost();
        if (isLate) channel?.close();
        // At once: the status of a quick command lies in the same packet.
        else if (!error) resolve(pipeOf(channel, link, sink));
        else if (reason !== undefined) lose(reason);
        else refuse(new ProblemError(problem('E_CHANNEL', { host, fault: faultOf(error), detail: detailOf(error) })));
      });
    } catch (error) {
      // Thrown when the connection is gone.
      lose(link.lost() ?? (error instanceof Error ? error.message : String(error)));
    }
  });
}

function pipeOf(channel: ClientChannel, link: Link, sink: PipeSink): Pipe {
  const { pipe, exited } = startPipe({
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    sink,
    release: () => channel.close(),
    loss: () => link.lost() ?? 'the server closed the channel without an exit status',
  });
  channel.on('exit', (code: number | null, signal?: string) => exited(exitOf(code, signal)));
  return pipe;
}

/** A channel that is refused comes with a reason number (RFC 4254 5.1), a command that is refused without one. */
function faultOf(error: Error): 'full' | 'refused' {
  return 'reason' in error && error.reason !== undefined && error.reason !== '' ? 'full' : 'refused';
}

function detailOf(error: Error): string {
  return error.message.replace('(SSH) Channel open failure: ', '');
}
