import { MARK, type Secrets } from './registry.ts';

/** Masks bytes that come in pieces, as if they came in one. */
export interface MaskStream {
  /** What can be shown so far; at most the beginning of a secret waits for what comes next. */
  push(chunk: Buffer): Buffer;
  /** What waited, when nothing more comes. */
  end(): Buffer;
}

const MARK_BYTES = Buffer.from(MARK);

/** Chunks are passed on as they are while no secret, and no beginning of one, is in them. */
export function maskStream(secrets: Pick<Secrets, 'matcher'>): MaskStream {
  let waiting: Buffer = Buffer.alloc(0);
  /** The mark of a secret that reaches so far into `waiting` has been given out; undefined: what was given out last was no mark. */
  let reach: number | undefined;

  const take = (bytes: Buffer, until: number): Buffer => {
    const parts: Buffer[] = [];
    let at = reach ?? 0;
    let marked = reach !== undefined;
    for (const { start, end } of secrets.matcher.find(bytes)) {
      // One that begins later may yet turn out to be part of a longer one.
      if (start >= until) break;
      if (!(marked && start <= at)) {
        parts.push(bytes.subarray(at, start), MARK_BYTES);
        marked = true;
      }
      at = Math.max(at, end);
    }
    if (at < until) {
      parts.push(bytes.subarray(at, until));
      marked = false;
    }
    waiting = bytes.subarray(until);
    reach = marked ? Math.max(0, at - until) : undefined;
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  };

  return {
    push(chunk) {
      const bytes = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      return take(bytes, secrets.matcher.open(bytes));
    },
    end() {
      const rest = take(waiting, waiting.length);
      reach = undefined;
      return rest;
    },
  };
}
