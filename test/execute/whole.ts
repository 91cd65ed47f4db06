import type { Pipe, PipeSink, Transport } from '../../src/model/transport.ts';

/**
 * A transport as a service has it that takes a program whole and runs it once: nothing of what is written gets there before the end of the input, and nothing of
 * the output comes back before the end of the command.
 */
export function wholePrograms(inner: Transport): Transport & { programs: Buffer[] } {
  const programs: Buffer[] = [];
  return {
    name: inner.name,
    programs,
    async connect(target, options) {
      const connection = await inner.connect(target, options);
      const open = async (command: string, sink: PipeSink): Promise<Pipe> => {
        const output: (() => void)[] = [];
        const input: Buffer[] = [];
        const pipe = await connection.open(command, {
          stdout: (chunk) => output.push(() => sink.stdout(chunk)),
          stderr: (chunk) => output.push(() => sink.stderr(chunk)),
        });
        const ended = pipe.ended.then((end) => {
          for (const give of output) give();
          return end;
        });
        return {
          ended,
          close: () => pipe.close(),
          write(bytes) {
            input.push(Buffer.from(bytes));
            return Promise.resolve();
          },
          end() {
            programs.push(Buffer.concat(input));
            void pipe.write(Buffer.concat(input)).then(() => pipe.end());
          },
        };
      };
      return {
        capabilities: { interactive: false, streams: false, recorded: true },
        open,
        close: () => connection.close(),
      };
    },
  };
}
