import type { Connection, ConnectOptions, Target, Transport } from '../model/transport.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import type { Nonces } from '../program/bootstrap.ts';
import { bootCommand, runDirectory } from '../program/bootstrap.ts';
import { readSettled, type Settled, type SettleRequest, settleProgram } from '../program/settle.ts';
import { endWords } from './pipe-end.ts';
import type { SegmentEnd, SegmentHooks, SegmentStep, Unreported } from './segment.ts';
import { createSegmentRunner, type SegmentRunner } from './segment-runner.ts';
import { makeNonces, openSession, type Session } from './session.ts';
import { createShots } from './shots.ts';

/** The way to one host: connects when first needed, runs segments one after another, connects again when asked what was lost. */
export interface Link {
  /** Throws ProblemError when the host cannot be reached. */
  run(steps: readonly SegmentStep[], hooks: SegmentHooks): Promise<SegmentEnd>;
  /** After a lost connection: reconnects and asks the host what became of the steps, by index. Throws ProblemError when it cannot be asked. */
  settle(steps: readonly Pick<Unreported, 'index' | 'id' | 'began'>[]): Promise<Map<number, Settled>>;
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
  /** The secrets of sessions that run once: the same for all hosts of a run. */
  nonces: () => Nonces;
  connecting(): void;
  connected(ms: number): void;
  note(message: string): void;
}

interface Live {
  connection: Connection;
  session: Session;
  runner: SegmentRunner;
  nonces: Nonces;
  /** When the session was open. */
  opened: number;
}

/** Makes the link; nothing is contacted yet. */
export function createLink(options: LinkOptions): Link {
  const { target, transport, now } = options;
  let live: Promise<Live> | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const left = (path: string): void =>
    options.note(`${path} may be left on ${target.name}: it holds what ran there, and can be removed`);

  const held = (): void =>
    options.note(
      `something that a task started on ${target.name} still runs and holds the output open; it is left alone`,
    );

  /** `first` is done with the connection before the session is opened: there may be room for one channel only. */
  const start = async (first?: (connection: Connection) => Promise<void>): Promise<Live> => {
    const from = now();
    options.connecting();
    const connection = await transport.connect(target, options.connect);
    // Programs that are run once are compared: what all hosts are sent alike is sent once.
    const lasts = connection.capabilities.interactive;
    const nonces = lasts ? makeNonces(options.random) : options.nonces();
    let session: Session | undefined;
    const runner = createSegmentRunner({ session: () => session!, nonces, now });
    try {
      await first?.(connection);
      const opening = {
        connection,
        host: target.name,
        settings: { nonces, diff: options.diff, shell: target.shell },
        events: { ...runner, left: () => left(runDirectory(nonces)), held },
      };
      session = lasts ? await openSession(opening) : createShots(opening);
    } catch (error) {
      await connection.close();
      throw error;
    }
    options.connected(now() - from);
    return { connection, session, runner, nonces, opened: now() };
  };

  const end = async ({ connection, session, runner }: Live): Promise<void> => {
    await session.close({ hasLedger: runner.hasLedger() });
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
      const old = await live;
      live = undefined;
      if (!old) throw new Error('there is no lost session');
      await old.connection.close().catch(() => undefined);
      const request: SettleRequest = {
        nonces: old.nonces,
        pid: old.session.pid(),
        steps: steps.map(({ id }) => id),
        began: steps.flatMap(({ id, began }) => (began ? id : [])),
        openFor: (now() - old.opened) / 1000,
        writing: old.runner.writing(),
        children: old.session.hasChildren(),
      };
      let fates = new Map<number, Settled>();
      const started = await start(async (connection) => {
        fates = await ask(connection, target, request);
      }).catch((error) => {
        left(runDirectory(old.nonces));
        throw error;
      });
      live = Promise.resolve(started);
      return new Map(steps.map(({ index, id }): [number, Settled] => [index, fates.get(id) ?? 'not-started']));
    },
    async interrupt(kill) {
      const now = live && (await live.catch(() => undefined));
      if (!now) return;
      const running = now.runner.running();
      await now.session.stop(kill ? { running } : undefined).catch(() => undefined);
    },
    async close() {
      const now = live && (await live.catch(() => undefined));
      live = undefined;
      if (now) await end(now);
    },
  };
}

/** The host waits for a step that still runs before it answers, and startup files take their time. A transport that takes programs whole has its own limits. */
const answerLimit = 40_000;

/** Asks the host what became of a lost session; that tidies up after it as well. Throws ProblemError. */
async function ask(connection: Connection, target: Target, request: SettleRequest): Promise<Map<number, Settled>> {
  let said = '';
  const pipe = await connection.open(bootCommand(target.shell), {
    stdout(chunk) {
      said = (said + chunk.toString('latin1')).slice(-64_000);
    },
    stderr: () => undefined,
  });
  const timer = connection.capabilities.interactive ? setTimeout(() => pipe.close(), answerLimit) : undefined;
  await pipe.write(settleProgram(request));
  pipe.end();
  const end = await pipe.ended;
  clearTimeout(timer);
  const fates = readSettled(said, request);
  if (fates) return fates;
  const reason = endWords(end);
  throw new ProblemError(problem('E_CONNECTION_LOST', { host: target.name, reason }));
}
