import type { Connection, ConnectOptions, Target, Transport } from '../model/transport.ts';
import type { Nonces } from '../program/bootstrap.ts';
import { runDirectory } from '../program/bootstrap.ts';
import { quote } from '../program/sh.ts';
import {
  createSegmentRunner,
  type SegmentEnd,
  type SegmentHooks,
  type SegmentRunner,
  type SegmentStep,
} from './segment.ts';
import { makeNonces, openSession, type Session } from './session.ts';

/** What a ledger on the host says of a step whose report never came: it never started, it ended, or it was under way. */
export type Settled = 'not-started' | 'running' | { rc: number };

/** The way to one host: connects when first needed, runs segments one after another, survives one lost connection. */
export interface Link {
  /** Throws ProblemError when the host cannot be reached. */
  run(steps: readonly SegmentStep[], hooks: SegmentHooks): Promise<SegmentEnd>;
  /** After a lost connection: reconnects and asks the host what became of the steps. undefined: it cannot be reached any more. */
  settle(steps: readonly { index: number; id: number }[]): Promise<Map<number, Settled> | undefined>;
  /** Stops what was sent ahead; `kill` also ends what runs. */
  interrupt(kill: boolean): Promise<void>;
  close(): Promise<void>;
}

/** What a link needs; `connecting` and `connected` are told to the reporters. */
export interface LinkOptions {
  target: Target;
  transport: Transport;
  connect: ConnectOptions;
  diff: boolean;
  now: () => number;
  random: (bytes: number) => Buffer;
  connecting(): void;
  connected(ms: number): void;
  note(message: string): void;
}

interface Live {
  connection: Connection;
  session: Session;
  runner: SegmentRunner;
  nonces: Nonces;
}

/** Makes the link; nothing is contacted yet. */
export function createLink(options: LinkOptions): Link {
  const { target, transport, now } = options;
  let live: Promise<Live> | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const start = async (): Promise<Live> => {
    const from = now();
    options.connecting();
    const connection = await transport.connect(target, options.connect);
    const nonces = makeNonces(options.random);
    let session: Session | undefined;
    const runner = createSegmentRunner({ session: () => session!, nonces, now });
    try {
      session = await openSession({
        connection,
        host: target.name,
        settings: { nonces, diff: options.diff, shell: target.shell },
        events: {
          began: runner.began,
          output: runner.output,
          payload: runner.payload,
          ended: runner.ended,
          closed: runner.closed,
          left: (path) => options.note(`${path} could not be removed from ${target.name}`),
        },
      });
    } catch (error) {
      await connection.close();
      throw error;
    }
    options.connected(now() - from);
    return { connection, session, runner, nonces };
  };

  const end = async ({ connection, session }: Live): Promise<void> => {
    await session.close();
    await connection.close();
  };

  return {
    run(steps, hooks) {
      const turn = queue.then(async () => {
        live ??= start();
        const { runner } = await live;
        return runner.run(steps, hooks);
      });
      queue = turn.catch(() => undefined);
      return turn;
    },
    async settle(steps) {
      const old = live && (await live.catch(() => undefined));
      live = undefined;
      if (!old) return undefined;
      await old.connection.close().catch(() => undefined);
      try {
        live = start();
        const ledger = await readLedger((await live).connection, old.nonces);
        return settleFrom(ledger, steps);
      } catch {
        live = undefined;
        return undefined;
      }
    },
    async interrupt(kill) {
      const now = live && (await live.catch(() => undefined));
      if (!now) return;
      const running = now.runner.running();
      await now.session.stop(kill ? running : undefined).catch(() => undefined);
    },
    async close() {
      const now = live && (await live.catch(() => undefined));
      live = undefined;
      if (now) await end(now);
    },
  };
}

/** Reads what the lost session wrote down, and removes its run directory: its shell can do neither any more. */
async function readLedger(connection: Connection, nonces: Nonces): Promise<string> {
  const dir = runDirectory(nonces);
  let text = '';
  const script = `cat ${dir}/ledger 2>/dev/null; rm -rf ${dir}`;
  const pipe = await connection.open(`exec /bin/sh -c ${quote(script)}`, {
    stdout(chunk) {
      text += chunk.toString('latin1');
    },
    stderr: () => undefined,
  });
  pipe.end();
  await pipe.ended;
  return text;
}

function settleFrom(ledger: string, steps: readonly { index: number; id: number }[]): Map<number, Settled> {
  const started = new Set<number>();
  const ended = new Map<number, number>();
  for (const line of ledger.split('\n')) {
    const [word, id, rc] = line.split(' ');
    if (word === 'start') started.add(Number(id));
    if (word === 'end') ended.set(Number(id), Number(rc));
  }
  return new Map(
    steps.map(({ index, id }) => {
      const rc = ended.get(id);
      return [index, rc !== undefined ? { rc } : started.has(id) ? 'running' : 'not-started'];
    }),
  );
}
