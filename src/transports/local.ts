import type { Connection, Pipe, PipeSink, Target, Transport } from '../model/transport.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { exitOf, startPipe } from './pipe.ts';
import { makePipes, type Pipes } from './pipes.ts';

/** What a local shell gets from its surroundings. */
export interface LocalSettings {
  env: Record<string, string | undefined>;
  /** Directory the shell starts in; the current one when not said. */
  cwd?: string;
}

/** Makes the transport that runs commands on this machine. */
export function createLocalTransport(settings: LocalSettings): Transport {
  return {
    name: 'local',
    async connect(target, { signal }) {
      if (signal.aborted) throw new ProblemError(problem('E_CONNECT_CANCELLED', { host: target.name }));
      return connectionOf(target, settings);
    },
  };
}

function connectionOf({ name: host }: Target, settings: LocalSettings): Connection {
  const running = new Set<Pipe>();
  // Made ahead while the library loads: the first command is about to come.
  let ahead: Promise<Pipes> | undefined = makePipes();
  ahead.catch(() => {});
  const nextPipes = (): Promise<Pipes> => {
    const pipes = ahead ?? makePipes();
    ahead = undefined;
    return pipes;
  };
  return {
    capabilities: { interactive: true, streams: true, recorded: false },
    async open(command, sink) {
      try {
        const pipe = await start(command, sink, await nextPipes(), settings);
        running.add(pipe);
        pipe.ended.then(() => running.delete(pipe));
        return pipe;
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        throw new ProblemError(problem('E_LOCAL_START', { host, detail }));
      }
    },
    async close() {
      for (const pipe of running) pipe.close();
      const unused = await ahead?.catch(() => undefined);
      ahead = undefined;
      unused?.close();
    },
  };
}

async function start(command: string, sink: PipeSink, pipes: Pipes, { env, cwd }: LocalSettings): Promise<Pipe> {
  const { execa } = await import('execa');
  // execa takes any descriptor, its types only know the small ones.
  const [stdin, stdout, stderr] = pipes.child as [3, 4, 5];
  const child = execa('/bin/sh', ['-c', command], {
    stdin,
    stdout,
    stderr,
    env,
    extendEnv: false,
    ...(cwd !== undefined && { cwd }),
    // A group of its own: Ctrl-C on the terminal is for play, which then decides.
    detached: true,
    buffer: false,
    reject: false,
  });
  pipes.handOver();
  if (child.pid === undefined) {
    pipes.close();
    throw new Error((await child).originalMessage ?? 'no reason is known');
  }
  const { pipe, exited, fail } = startPipe({
    stdin: pipes.stdin,
    stdout: pipes.stdout,
    stderr: pipes.stderr,
    sink,
    release: () => pipes.close(),
  });
  child.on('exit', (code, signal) => exited(exitOf(code, signal)));
  child.on('error', (error) => fail(error.message));
  return pipe;
}
