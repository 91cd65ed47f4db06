import { createDecoder, type Marker, type PayloadKind, type WireStatus } from '../program/decode.ts';

/** What a session tells about the steps that run in it, by wire id, in the order in which things happened. */
export interface StepEvents {
  began(id: number): void;
  /** `id` undefined: from something that outlived its step, or from no step at all. */
  output(id: number | undefined, stream: 'stdout' | 'stderr', chunk: Buffer): void;
  payload(id: number, kind: PayloadKind, bytes: Buffer): void;
  ended(id: number, status: WireStatus, rc: number): void;
}

/** Markers that are about the session and not about a step. */
export type SessionMarker = Exclude<Marker, { kind: 'begin' | 'end' }>;

/** Takes the two streams of a session as they come. */
export interface Streams {
  stdout(chunk: Buffer): void;
  stderr(chunk: Buffer): void;
  /** No more will come: gives out what waits for the other stream. */
  finish(): void;
}

/** Standard error that belongs to no step yet is held up to this size. */
const mostEarly = 256 * 1024;

/**
 * Joins the two streams, which arrive independently. Both mark the end of a step that may have used both; what stdout brings after
 * such an end waits for the mark on stderr, and stderr of a step that has not begun on stdout waits for that.
 */
export function joinStreams(options: {
  nonces: { marker: string; become: string };
  steps: StepEvents;
  marker(marker: SessionMarker): void;
  /** What sudo says while it lets someone in, or does not. */
  sudoSays(chunk: Buffer): void;
}): Streams {
  const { nonces, steps } = options;
  /** Ended on stdout, not yet on stderr. */
  let half: { id: number; status: WireStatus; rc: number } | undefined;
  /** What came on stdout meanwhile. */
  let held: (() => void)[] = [];
  /** Begun, and not yet ended on stderr. */
  let open: number | undefined;
  /** Ended on stderr, not yet on stdout. */
  const ahead = new Set<number>();
  /** Standard error of steps that have not begun yet; the last list is of a step that is not known. */
  const early = new Map<number, Buffer[]>();
  let stray: Buffer[] = [];
  let straySize = 0;
  let sudo = false;

  const release = (chunks: readonly Buffer[], id: number | undefined): void => {
    for (const chunk of chunks) steps.output(id, 'stderr', chunk);
  };
  const takeStray = (): Buffer[] => {
    const chunks = stray;
    stray = [];
    straySize = 0;
    return chunks;
  };
  const inOrder = (event: () => void): void => {
    if (half) held.push(event);
    else event();
  };
  const end = (id: number, status: WireStatus, rc: number): void => {
    release(early.get(id) ?? [], id);
    early.delete(id);
    if (open === id) open = undefined;
    steps.ended(id, status, rc);
  };
  const endHalf = (): void => {
    if (!half) return;
    const { id, status, rc } = half;
    half = undefined;
    end(id, status, rc);
    const events = held;
    held = [];
    events.forEach(inOrder);
  };

  const out = createDecoder(nonces, {
    marker(marker) {
      if (marker.kind === 'begin') {
        inOrder(() => {
          steps.began(marker.id);
          release(early.get(marker.id) ?? [], marker.id);
          early.delete(marker.id);
          if (ahead.has(marker.id)) return;
          open = marker.id;
          release(takeStray(), marker.id);
        });
      } else if (marker.kind === 'end') {
        inOrder(() => {
          const { id, status, rc } = marker;
          if (!marker.stderr || ahead.delete(id)) return end(id, status, rc);
          half = marker;
          // A step that ended before it began: what stderr has brought of it was not known for its own until now.
          if (open !== id) release(takeStray(), id);
        });
      } else inOrder(() => options.marker(marker));
    },
    data: (id, chunk) => inOrder(() => steps.output(id, 'stdout', chunk)),
    payload: (kind, id, bytes) => inOrder(() => steps.payload(id, kind, bytes)),
  });

  const errors = createDecoder(nonces, {
    marker(marker) {
      if (marker.kind === 'end') {
        const { id } = marker;
        if (half?.id === id) return endHalf();
        ahead.add(id);
        if (open === id) open = undefined;
        else early.set(id, takeStray());
        return;
      }
      if (marker.kind === 'sudo') sudo = true;
      if (marker.kind === 'child-ready' || marker.kind === 'child-dead') sudo = false;
      // Both streams say when the runtime is there.
      if (marker.kind !== 'begin' && marker.kind !== 'ready') options.marker(marker);
    },
    data(_, chunk) {
      if (sudo) return options.sudoSays(chunk);
      const id = half?.id ?? open;
      if (id !== undefined) return steps.output(id, 'stderr', chunk);
      stray.push(chunk);
      straySize += chunk.length;
      if (straySize > mostEarly) release(takeStray(), undefined);
    },
    payload: () => undefined,
  });

  return {
    stdout: (chunk) => out.push(chunk),
    stderr: (chunk) => errors.push(chunk),
    finish() {
      while (half) endHalf();
      for (const [, chunks] of early) release(chunks, undefined);
      early.clear();
      release(takeStray(), undefined);
    },
  };
}
