import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection, PipeEnd } from '../../src/model/transport.ts';
import { talk, until } from './talk.ts';

/** What the suite needs to know of a transport. */
export interface Candidate {
  connect(): Promise<Connection>;
  /** Ends what runs by force, as a machine that goes down does; `pid` is the command's shell. */
  cut(pid: number): Promise<void>;
  /** What the end of the pipe must look like then. */
  afterCut: Partial<PipeEnd>;
  /** Reads a file of the host, empty while it is not there: the only way to see what a command does that answers when it has ended. */
  look?(path: string): Promise<string>;
}

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** All that the rest of the program relies on, whatever the transport. None of it may be skipped for any. */
export function conformance(name: string, prepare: () => Promise<Candidate>): void {
  describe(`${name} transport`, () => {
    let candidate: Candidate;
    let connection: Connection;
    beforeAll(async () => {
      candidate = await prepare();
      connection = await candidate.connect();
    });
    afterAll(() => connection?.close());

    test('output comes in the order in which it was written, each stream on its own', async () => {
      const lines = Array.from({ length: 500 }, (_, i) => `line ${i}`);
      const script = 'i=0; while [ $i -lt 500 ]; do echo "line $i"; echo "line $i" >&2; i=$((i+1)); done';
      const { stdout, stderr, end } = await talk(connection, script);
      expect(stdout.toString().trim().split('\n')).toEqual(lines);
      expect(stderr.toString().trim().split('\n')).toEqual(lines);
      expect(end).toEqual({ kind: 'exit', code: 0 });
    });

    test.each([0, 1, 4, 5, 44, 126, 127, 254, 255])('exit code %i arrives as it is', async (code) => {
      expect((await talk(connection, `exit ${code}`)).end).toEqual({ kind: 'exit', code });
    });

    test('a command that dies of a signal is told apart from one that exits', async () => {
      const { end } = await talk(connection, 'kill -9 $$');
      expect(end).toEqual({ kind: 'exit', code: 137, signal: 'SIGKILL' });
    });

    test('a command that is not there says so', async () => {
      const { end, stderr } = await talk(connection, 'no-such-command-anywhere');
      expect(end).toEqual({ kind: 'exit', code: 127 });
      expect(stderr.toString()).toContain('not found');
    });

    test('every byte passes unchanged, in and out', async () => {
      const bytes = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, i) => i)), randomBytes(100_000)]);
      const { stdout, stderr } = await talk(connection, 'tee /dev/stderr', bytes);
      expect(sha(stdout)).toBe(sha(bytes));
      expect(sha(stderr)).toBe(sha(bytes));
    });

    test('the streams can be opened by name', async () => {
      const script = 'echo a > /dev/stdout; echo b > /dev/stderr; cat < /dev/stdin; echo c >&2';
      const { stdout, stderr } = await talk(connection, script, 'in\n');
      expect(stdout.toString()).toBe('a\nin\n');
      expect(stderr.toString()).toBe('b\nc\n');
    });

    test('what is written is there for the command at once, and its answer here', async () => {
      if (!connection.capabilities.interactive) {
        // All of it is there when the command begins.
        const { stdout } = await talk(
          connection,
          'while read -r l; do echo "got $l"; done; echo end',
          'one\ntwo\nthree\n',
        );
        expect(stdout.toString()).toBe('got one\ngot two\ngot three\nend\n');
        return;
      }
      let said = '';
      const pipe = await connection.open('while read -r l; do echo "got $l"; done; echo end', {
        stdout: (chunk) => {
          said += chunk;
        },
        stderr: () => {},
      });
      for (const word of ['one', 'two', 'three']) {
        await pipe.write(`${word}\n`);
        await until(`the answer to ${word}`, () => said.endsWith(`got ${word}\n`));
      }
      pipe.end();
      expect(await pipe.ended).toEqual({ kind: 'exit', code: 0 });
      expect(said).toBe('got one\ngot two\ngot three\nend\n');
    });

    test('closed standard input reads as its end', async () => {
      const { stdout } = await talk(connection, 'cat; echo done');
      expect(stdout.toString()).toBe('done\n');
    });

    test('10 MB of output arrive whole', async () => {
      const { stdout, end } = await talk(connection, 'head -c 10000000 /dev/zero');
      expect(stdout.length).toBe(10_000_000);
      expect(stdout.every((byte) => byte === 0)).toBe(true);
      expect(end).toEqual({ kind: 'exit', code: 0 });
    });

    test('1 GiB of output passes through without piling up', async () => {
      let count = 0;
      let peak = 0;
      const before = process.memoryUsage.rss();
      const pipe = await connection.open('head -c 1073741824 /dev/zero', {
        stdout: (chunk) => {
          count += chunk.length;
          peak = Math.max(peak, process.memoryUsage.rss());
        },
        stderr: () => {},
      });
      pipe.end();
      expect(await pipe.ended).toEqual({ kind: 'exit', code: 0 });
      expect(count).toBe(1 << 30);
      expect(peak - before).toBeLessThan(150 << 20);
    }, 120_000);

    test('a flood on standard error holds nothing up', async () => {
      const script = 'head -c 16000000 /dev/zero >&2; echo out; head -c 16000000 /dev/zero >&2';
      const { stdout, stderr, end } = await talk(connection, script);
      expect(stdout.toString()).toBe('out\n');
      expect(stderr.length).toBe(32_000_000);
      expect(end).toEqual({ kind: 'exit', code: 0 });
    });

    test('8 MB go in while as much comes out', async () => {
      const bytes = randomBytes(8_000_000);
      const { stdout, end } = await talk(connection, 'cat', bytes);
      expect(sha(stdout)).toBe(sha(bytes));
      expect(end).toEqual({ kind: 'exit', code: 0 });
    });

    test('writing waits for a command that does not read', async () => {
      if (!connection.capabilities.interactive) {
        // What is written is kept until its end, and let go when nobody wants it any more.
        const pipe = await connection.open('sleep 3', { stdout: () => {}, stderr: () => {} });
        await pipe.write(Buffer.alloc(16_000_000));
        pipe.close();
        await pipe.write(Buffer.alloc(16_000_000));
        expect((await pipe.ended).kind).toBe('lost');
        return;
      }
      const pipe = await connection.open('sleep 3', { stdout: () => {}, stderr: () => {} });
      let isThrough = false;
      const written = pipe.write(Buffer.alloc(16_000_000)).then(() => {
        isThrough = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(isThrough).toBe(false);
      pipe.close();
      await written;
      expect((await pipe.ended).kind).toBe('lost');
    });

    test('input for a command that has ended is dropped without harm', async () => {
      const pipe = await connection.open('exit 3', { stdout: () => {}, stderr: () => {} });
      for (let i = 0; i < 40; i++) await pipe.write(Buffer.alloc(100_000));
      if (!connection.capabilities.interactive) pipe.end();
      expect(await pipe.ended).toEqual({ kind: 'exit', code: 3 });
      await pipe.write('more');
      pipe.end();
    });

    test('a child left in the background holds the end up by two seconds at most', async () => {
      const start = performance.now();
      const { end, stdout } = await talk(connection, 'sleep 5 & echo started; exit 7');
      expect(stdout.toString()).toBe('started\n');
      expect(end).toEqual({ kind: 'exit', code: 7, held: true });
      expect(performance.now() - start).toBeLessThan(4_900);
    });

    test('output of a child that ends soon after is waited for', async () => {
      const { stdout, end } = await talk(connection, '(sleep 0.3; echo late) & exit 0');
      expect(stdout.toString()).toBe('late\n');
      expect(end).toEqual({ kind: 'exit', code: 0 });
    });

    test('closing does not wait for the command, and says that its result is not known', async () => {
      const pipe = await connection.open('echo go; sleep 3', { stdout: () => {}, stderr: () => {} });
      pipe.close();
      expect(await pipe.ended).toEqual({ kind: 'lost', reason: 'closed before it ended' });
    });

    test('several commands run beside each other', async () => {
      const words = ['a', 'b', 'c', 'd', 'e'];
      const all = await Promise.all(words.map((word) => talk(connection, `sleep 0.1; echo ${word}`)));
      expect(all.map(({ stdout }) => stdout.toString().trim())).toEqual(words);
    });

    test('a command that is cut off is never a success', async () => {
      const own = await candidate.connect();
      let said = '';
      const says = own.capabilities.interactive ? 'echo $$' : 'echo $$ >/tmp/conformance-pid';
      const pipe = await own.open(`${says}; sleep 600; echo done`, {
        stdout: (chunk) => {
          said += chunk;
        },
        stderr: () => {},
      });
      if (!own.capabilities.interactive) {
        pipe.end();
        await until('the start', async () => {
          said = (await candidate.look?.('/tmp/conformance-pid')) ?? '';
          return said.includes('\n');
        });
      }
      await until('the start', () => said.includes('\n'));
      await candidate.cut(Number(said));
      expect(await pipe.ended).toMatchObject(candidate.afterCut);
      await pipe.write('nobody reads this');
      pipe.end();
      pipe.close();
      await own.close();
    });

    test('closing the connection ends what runs on it', async () => {
      const own = await candidate.connect();
      const pipe = await own.open('cat', { stdout: () => {}, stderr: () => {} });
      await own.close();
      expect(await pipe.ended).toEqual({ kind: 'lost', reason: 'closed before it ended' });
      await own.close();
    });
  });
}
