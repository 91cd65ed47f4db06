import { ProblemError, sentence } from '../problems/problem.ts';
import type { Link } from './handshake.ts';
import type { Hop } from './hops.ts';

/** A jump host in use. */
export interface Lease {
  link: Link;
  /** Gives it back; the last one closes it. Doing it twice does no harm. */
  release(): void;
}

/** Connects to one jump host, through another one if there is one before it. */
export type ConnectHop = (hop: Hop, via: Link | undefined) => Promise<Link>;

/**
 * The jump hosts of a run. Hosts behind the same one share its connection, so a hundred of them cost it one login.
 * Connects to the last of the hops through those before it, or takes the connection that is there; undefined when there are none.
 */
export type LeaseJump = (hops: readonly Hop[], signal: AbortSignal, connect: ConnectHop) => Promise<Lease | undefined>;

interface Shared {
  link: Promise<Link>;
  users: number;
}

/** Makes the jump hosts of one run. */
export function createJumps(): LeaseJump {
  const shared = new Map<string, Shared>();

  const open = async (hops: readonly Hop[], signal: AbortSignal, connect: ConnectHop): Promise<Link> => {
    const last = hops.at(-1);
    if (last === undefined) throw new Error('a way without hops');
    const before = await lease(hops.slice(0, -1), signal, connect);
    try {
      const link = await connect(last, before?.link);
      link.closed.then(() => before?.release());
      return link;
    } catch (error) {
      before?.release();
      throw error;
    }
  };
  const share = (id: string, link: Promise<Link>): Shared => {
    const entry: Shared = { link, users: 0 };
    const forget = (): void => {
      if (shared.get(id) === entry) shared.delete(id);
    };
    link.then(
      ({ closed }) => closed.then(forget),
      (error) => {
        if (!isFinal(error)) forget();
      },
    );
    shared.set(id, entry);
    return entry;
  };
  const lease: LeaseJump = async (hops, signal, connect) => {
    if (hops.length === 0) return undefined;
    const id = JSON.stringify(hops);
    for (;;) {
      const known = shared.get(id);
      const entry = known ?? share(id, open(hops, signal, connect));
      entry.users++;
      let given = false;
      const release = (): void => {
        if (given) return;
        given = true;
        if (--entry.users > 0) return;
        if (shared.get(id) === entry) shared.delete(id);
        entry.link.then((link) => link.close()).catch(() => {});
      };
      try {
        return { link: await unlessAborted(entry.link, signal), release };
      } catch (error) {
        // When the host that opened it was told to stop, that is no answer for this one.
        const isOthers = known !== undefined && !(error instanceof ProblemError) && !signal.aborted;
        if (signal.aborted) release();
        if (!isOthers) throw error;
      }
    }
  };
  return lease;
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** A login or a host key that was refused stays refused: trying it again for every host behind it would only lock us out. */
function isFinal(error: unknown): boolean {
  return error instanceof ProblemError && error.problems.some((p) => [6, 7].includes(sentence(p).exit));
}
