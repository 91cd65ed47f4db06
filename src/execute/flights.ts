import type { PayloadKind } from '../program/decode.ts';
import { type Capture, createCapture } from './capture.ts';
import type { Need } from './knowledge.ts';
import type { ComputedEdit } from './known-files.ts';

/** One step that was sent and has not been reported. */
export interface Flight {
  /** Its place in the segment; a prefetch has none. */
  index?: number;
  prefetch?: { needs: readonly Need[]; at: number };
  user: string | undefined;
  edit?: ComputedEdit;
  /** Where content that was sent ahead of the step waits for it. */
  staged?: string;
  /** What follows must not be sent before this is in. */
  holds?: boolean;
  /** It does something each time: whether it was done is in doubt as long as it has not been reported. */
  acts: boolean;
  /** About as many bytes of program. */
  bytes: number;
  stdout: Capture;
  stderr: Capture;
  payloads: Partial<Record<PayloadKind, Buffer>>;
  /** When it began, ms; undefined: not yet, or it only probed. */
  beganAt?: number;
}

/** The steps under way, by their number in the session. */
export interface Flights {
  add(fields: Pick<Flight, 'index' | 'prefetch' | 'user' | 'acts' | 'bytes'>): { id: number; flight: Flight };
  get(id: number | undefined): Flight | undefined;
  /** Takes out one that has ended. */
  take(id: number): Flight | undefined;
  /** Forgets all, or those from this place on and all prefetches: the host passes over them. */
  drop(from?: number): void;
  all(): IterableIterator<[id: number, Flight]>;
  size(): number;
  /** How many of them act. */
  actions(): number;
}

/** None under way. Numbers are never used twice. */
export function createFlights(): Flights {
  const flights = new Map<number, Flight>();
  let lastId = 0;
  let acting = 0;
  const remove = (id: number, { acts }: Flight): void => {
    if (acts) acting -= 1;
    flights.delete(id);
  };
  return {
    add(fields) {
      lastId += 1;
      const flight: Flight = { ...fields, stdout: createCapture(), stderr: createCapture(), payloads: {} };
      flights.set(lastId, flight);
      if (flight.acts) acting += 1;
      return { id: lastId, flight };
    },
    get: (id) => (id === undefined ? undefined : flights.get(id)),
    take(id) {
      const flight = flights.get(id);
      if (flight) remove(id, flight);
      return flight;
    },
    drop(from = 0) {
      for (const [id, flight] of flights) if (flight.index === undefined || flight.index >= from) remove(id, flight);
    },
    all: () => flights.entries(),
    size: () => flights.size,
    actions: () => acting,
  };
}
