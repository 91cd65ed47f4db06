/** What the runtime says between the bytes of the steps. */
export type Marker =
  | { kind: 'ready'; pid: number }
  | { kind: 'begin'; id: number }
  | { kind: 'end'; id: number; status: WireStatus; rc: number; stderr: boolean }
  /** sudo asks for its password on the child at this descriptor. */
  | { kind: 'prompt'; fd: number }
  /** The conductor has started a sudo that may ask. */
  | { kind: 'waiting'; fd: number }
  /** sudo let us in; the child waits for its runtime … */
  | { kind: 'child-ready'; fd: number }
  /** … or has got it already, because no password was needed. */
  | { kind: 'child-fed'; fd: number }
  | { kind: 'child-dead'; fd: number; rc: number }
  /** The run directory could not be removed. */
  | { kind: 'left'; path: string }
  | { kind: 'quit' };

/** How the runtime says that a step ended. `cannot`: the probe lacks something; `stale`: the file is not the one the edit was computed from. */
export type WireStatus =
  | 'ok'
  | 'changed'
  | 'would-change'
  | 'unknown'
  | 'failed'
  | 'timeout'
  | 'stale'
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

const payloadLimit = 2 * 1024 * 1024;

/** `nonces`: the marker's, and become's. What comes before the first marker (profile noise, banners) is dropped. */
export function createDecoder(nonces: { marker: string; become: string }, sink: DecodeSink): Decoder {
  const needles = [Buffer.from(`\x1e${nonces.marker} `), Buffer.from(`\x1e${nonces.become} `)];
  const needleLength = needles[0]!.length;
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
    const words = text.split(' ');
    const kind = words[0] ?? '';
    if (kind === 'O' || kind === 'X' || kind === 'A' || kind === 'D') {
      payload = { kind, id: Number(words[1]), chunks: [], size: 0 };
      return;
    }
    const marker = readMarker(kind, words, text);
    if (!marker) return;
    if (marker.kind === 'begin') current = marker.id;
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
        line(rest.toString('latin1', at + needleLength, newline));
        rest = rest.subarray(newline + 1);
      }
    },
  };
}

function readMarker(kind: string, words: string[], text: string): Marker | undefined {
  const number = (i: number): number => Number(words[i] ?? 0);
  switch (kind) {
    case 'R':
      return { kind: 'ready', pid: number(1) };
    case 'B':
      return { kind: 'begin', id: number(1) };
    case 'E':
      return {
        kind: 'end',
        id: number(1),
        status: (words[2] ?? 'ok') as WireStatus,
        rc: number(3),
        stderr: words[4] === '1',
      };
    case 'P':
      return { kind: 'prompt', fd: number(1) };
    case 'W':
      return { kind: 'waiting', fd: number(1) };
    case 'F':
      return { kind: 'child-fed', fd: number(1) };
    case 'U':
      return words.length > 2
        ? { kind: 'child-dead', fd: number(1), rc: number(2) }
        : { kind: 'child-ready', fd: number(1) };
    case 'L':
      return { kind: 'left', path: text.slice(2) };
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
  const longest = Math.min(buffer.length, needles[0]!.length - 1);
  const from = buffer.length - longest;
  for (let at = buffer.indexOf(0x1e, from); at >= 0; at = buffer.indexOf(0x1e, at + 1)) {
    const tail = buffer.subarray(at);
    if (needles.some((needle) => needle.subarray(0, tail.length).equals(tail))) return tail.length;
  }
  return 0;
}
