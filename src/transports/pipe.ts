import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Pipe, PipeEnd, PipeSink } from '../model/transport.ts';

/** The three streams of a running command, and what is to be done at its end. */
export interface Ends {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  sink: PipeSink;
  /** Lets go of the streams. */
  release(): void;
  /** For streams that close together when all is over: why no exit status came. Without it the status is waited for. */
  loss?(): string;
}

/** A pipe, and the way to tell it how the command ended. */
export interface Running {
  pipe: Pipe;
  /** The command has ended; its output may still be on the way, or held open by something it started. */
  exited(status: PipeEnd): void;
  fail(reason: string): void;
}

/** How long a pipe may stay open when its command has ended: something it started still holds its output. */
const grace = 2_000;

/** Connects the streams of a command with a sink. Both output streams are always read, or a command that fills one would stand still. */
export function startPipe({ stdin, stdout, stderr, sink, release, loss }: Ends): Running {
  let over = false;
  let inputClosed = false;
  let status: PipeEnd | undefined;
  let waits: NodeJS.Timeout | undefined;
  /** Resolves when more may be written; one for all that wait. */
  let room: Promise<void> | undefined;
  let giveRoom = (): void => {};
  let settle: (end: PipeEnd) => void = () => {};
  const ended = new Promise<PipeEnd>((resolve) => {
    settle = resolve;
  });
  const finish = (end: PipeEnd): void => {
    if (over) return;
    over = true;
    inputClosed = true;
    clearTimeout(waits);
    release();
    giveRoom();
    settle(end);
  };
  let open = 2;
  const finishIfDone = (): void => {
    if (open > 0) return;
    if (status) finish(status);
    else if (loss) finish({ kind: 'lost', reason: loss() });
  };
  const closed = (): void => {
    open--;
    finishIfDone();
  };

  // A broken stream shows in the end of the command; without a listener it would end the whole process.
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => {});
  stdout.on('data', (chunk: Buffer) => {
    if (!over) sink.stdout(chunk);
  });
  stderr.on('data', (chunk: Buffer) => {
    if (!over) sink.stderr(chunk);
  });
  stdout.once('close', closed);
  stderr.once('close', closed);
  stdin.on('drain', () => giveRoom());
  stdin.once('close', () => giveRoom());

  const pipe: Pipe = {
    ended,
    write(bytes) {
      if (inputClosed || stdin.destroyed || stdin.write(bytes)) return Promise.resolve();
      room ??= new Promise((resolve) => {
        giveRoom = () => {
          room = undefined;
          resolve();
        };
      });
      return room;
    },
    end() {
      if (inputClosed) return;
      inputClosed = true;
      stdin.end();
    },
    close: () => finish(status ?? { kind: 'lost', reason: 'closed before it ended' }),
  };
  return {
    pipe,
    exited(end) {
      status = end;
      waits = setTimeout(() => finish(end.kind === 'exit' ? { ...end, held: true } : end), grace);
      finishIfDone();
    },
    fail: (reason) => finish({ kind: 'lost', reason }),
  };
}

/** An exit status as both transports report it: a signal also counts as 128 plus its number, as shells have it. */
export function exitOf(code: number | null | undefined, signal: string | null | undefined): PipeEnd {
  if (!signal) return { kind: 'exit', code: code ?? 255 };
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return { kind: 'exit', code: 128 + (number ?? 127), signal };
}
