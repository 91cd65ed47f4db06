import type { Connection } from '../model/transport.ts';
import { bootCommand, type SessionSettings, tidyProgram } from '../program/bootstrap.ts';
import { type Ahead, openSession, type Session, type SessionEvents, type Shell } from './session.ts';

/** Nobody can answer meanwhile, so all is sent that can be; what is longer than this goes in pieces. */
const aheadOfCommand: Ahead = { steps: 10_000, actions: 10_000, bytes: 256 * 1024 };

/**
 * The session over a connection that takes a program whole and runs it once. What is sent together is one shell that ends behind it; nothing
 * more can be sent before it has, and then a new shell begins that knows nothing of the one before.
 */
export function createShots(options: {
  connection: Connection;
  host: string;
  settings: SessionSettings;
  events: SessionEvents;
}): Session {
  const { events } = options;
  let shell: Promise<Shell> | undefined;
  /** It has been sent, and has not ended. */
  let isOut = false;
  let isLost = false;
  let isStopped = false;
  /** The word to stop is on its way, or there. */
  let stopping: Promise<void> | undefined;
  /** A shell has heard it, and removes it with its directory. */
  let isHeard = false;
  let mayHaveLeft = false;
  let hadChildren = false;

  const current = (): Promise<Shell> => {
    shell ??= openSession({
      ...options,
      events: {
        ...events,
        ended(id, status, rc) {
          isHeard ||= status === 'cancelled';
          events.ended(id, status, rc);
        },
        over() {
          shell = undefined;
          isOut = false;
          events.over();
        },
        closed(reason, never) {
          isOut = false;
          isLost = true;
          mayHaveLeft = never === undefined;
          events.closed(reason, never);
        },
      },
    });
    return shell;
  };

  const tidy = async (): Promise<void> => {
    const { nonces, shell: path } = options.settings;
    const pipe = await options.connection.open(bootCommand(path), { stdout() {}, stderr() {} });
    await pipe.write(tidyProgram(nonces));
    pipe.end();
    const end = await pipe.ended;
    mayHaveLeft ||= end.kind !== 'exit';
  };

  return {
    ahead: aheadOfCommand,
    takesMore: () => !isOut,
    isStopped: () => isStopped && !isOut,
    async sent() {
      if (!shell) return false;
      isOut = true;
      await (await shell).finish();
      return true;
    },
    program: async (text, to) => (await current()).program(text, to),
    content: async (bytes, to) => (await current()).content(bytes, to),
    async become(user) {
      hadChildren = true;
      // Commands run as root, whom sudo asks for nothing; and nobody could answer.
      return (await current()).become(user, undefined);
    },
    async stop(kill) {
      isStopped = true;
      const open = await shell;
      // The service ends what runs; which step that is nobody has been told.
      if (kill) open?.hangUp();
      else {
        stopping = open?.stop().catch(() => undefined);
        await stopping;
      }
    },
    async close() {
      const open = await shell?.catch(() => undefined);
      open?.hangUp();
      if (stopping && !isHeard && !isLost) {
        await stopping;
        await tidy();
      }
      if (mayHaveLeft) events.left();
    },
    isClosed: () => isLost,
    pid: () => undefined,
    hasChildren: () => hadChildren,
  };
}
