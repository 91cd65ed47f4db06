/** What the runtime says between the bytes of the steps. */
export type Marker =
  | { kind: 'ready'; pid: number }
  | { kind: 'begin'; id: number }
  | { kind: 'end'; id: number; status: WireStatus; rc: number; stderr: boolean }
  /** sudo is started for the child shell at this descriptor; what follows on this stream is what sudo says. */
  | { kind: 'sudo'; fd: number }
  /** It asks for a password. */
  | { kind: 'prompt'; fd: number }
  /** It let us in. */
  | { kind: 'child-ready'; fd: number }
  /** It did not, or the child shell has ended. */
  | { kind: 'child-dead'; fd: number; rc: number }
  /** The shell ends, as it was told to. */
  | { kind: 'quit' };

/** How the runtime says that a step ended. `cannot`: the probe lacks something; `stale`: the file is not the one the edit was computed from; `drift`: the host is not as it was planned. */
export type WireStatus =
  | 'ok'
  | 'changed'
  | 'would-change'
  | 'unknown'
  | 'failed'
  | 'timeout'
  | 'stale'
  | 'drift'
  | 'cannot'
  | 'cancelled';

/** Texts that belong to a step: observed before, expected (when computed), after, and the old body of a file. */
export type PayloadKind = 'O' | 'X' | 'A' | 'D';

/** Where decoded things go, in the order of the stream. */
export interface DecodeSink {
  marker(marker: Marker): void;
  /** Bytes of author code or an apply; `id` undefined: between steps (a process that outlived its own). */
  data(id: number | undefined, chunk: Buffer): void;
  payload(kind: PayloadKind, id: number, bytes: Buffer): void;
}

/** Cuts one stream of a session into markers and bytes. Nothing is kept but an unfinished marker or payload. */
export interface Decoder {
  push(chunk: Buffer): void;
}

/** More than any payload has; what is over is dropped. */
const payloadLimit = 16 * 1024 * 1024;

/**
 * `nonces`: the marker's, and the one of markers that sudo prints, which others can see in `ps` and which count only while sudo is at work.
 * What comes before the first marker (profile noise, banners) is dropped.
 */
export function createDecoder(nonces: { marker: string; become: string }, sink: DecodeSink): Decoder {
  const own = Buffer.from(`\x1e${nonces.marker} `);
  const sudo = Buffer.from(`\x1e${nonces.become} `);
  let needles = [own];
  let held: Buffer = Buffer.alloc(0);
  let started = false;
  let current: number | undefined;
  let payload: { kind: PayloadKind; id: number; chunks: Buffer[]; size: number } | undefined;

  const bytes = (chunk: Buffer): void => {
    if (chunk.length === 0) return;
    if (payload) {
      payload.size += chunk.length;
      if (payload.size <= payloadLimit) payload.chunks.push(Buffer.from(chunk));
    } else if (started) sink.data(current, chunk);
  };

  const endPayload = (): void => {
    if (!payload) return;
    const whole = Buffer.concat(payload.chunks);
    sink.payload(payload.kind, payload.id, whole.subarray(0, Math.max(0, whole.length - 1)));
    payload = undefined;
  };

  const line = (text: string): void => {
    started = true;
    endPayload();
    const [kind = '', ...words] = text.split(' ');
    if (kind === 'O' || kind === 'X' || kind === 'A' || kind === 'D') {
      payload = { kind, id: Number(words[0]), chunks: [], size: 0 };
      return;
    }
    const marker = readMarker(kind, words);
    if (!marker) return;
    if (marker.kind === 'begin') current = marker.id;
    if (marker.kind === 'sudo') needles = [own, sudo];
    if (marker.kind === 'child-ready' || marker.kind === 'child-dead') needles = [own];
    sink.marker(marker);
    if (marker.kind === 'end') current = undefined;
  };

  return {
    push(chunk) {
      let rest = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
      held = Buffer.alloc(0);
      for (;;) {
        const at = firstOf(rest, needles);
        if (at < 0) {
          const keep = partialAtEnd(rest, needles);
          bytes(rest.subarray(0, rest.length - keep));
          if (keep > 0) held = Buffer.from(rest.subarray(rest.length - keep));
          return;
        }
        const newline = rest.indexOf(10, at);
        bytes(rest.subarray(0, at));
        if (newline < 0) {
          held = Buffer.from(rest.subarray(at));
          return;
        }
        line(rest.toString('latin1', at + own.length, newline));
        rest = rest.subarray(newline + 1);
      }
    },
  };
}

function readMarker(kind: string, words: readonly string[]): Marker | undefined {
  const [first = '', second = '', third, fourth] = words;
  switch (kind) {
    case 'R':
      return { kind: 'ready', pid: Number(first) };
    case 'B':
      return { kind: 'begin', id: Number(first) };
    case 'E':
      return {
        kind: 'end',
        id: Number(first),
        status: second as WireStatus,
        rc: Number(third ?? 0),
        stderr: fourth === '1',
      };
    case 'S':
      return { kind: 'sudo', fd: Number(first) };
    case 'P':
      return { kind: 'prompt', fd: Number(first) };
    case 'U':
      return second === ''
        ? { kind: 'child-ready', fd: Number(first) }
        : { kind: 'child-dead', fd: Number(first), rc: Number(second) };
    case 'Q':
      return { kind: 'quit' };
    default:
      return undefined;
  }
}

function firstOf(buffer: Buffer, needles: readonly Buffer[]): number {
  let best = -1;
  for (const needle of needles) {
    const at = buffer.indexOf(needle);
    if (at >= 0 && (best < 0 || at < best)) best = at;
  }
  return best;
}

/** How many bytes at the end may be the start of a marker. */
function partialAtEnd(buffer: Buffer, needles: readonly Buffer[]): number {
  const longest = Math.max(...needles.map((needle) => needle.length)) - 1;
  const from = Math.max(0, buffer.length - longest);
  for (let at = buffer.indexOf(0x1e, from); at >= 0; at = buffer.indexOf(0x1e, at + 1)) {
    const tail = buffer.subarray(at);
    if (needles.some((needle) => needle.subarray(0, tail.length).equals(tail))) return tail.length;
  }
  return 0;
}
