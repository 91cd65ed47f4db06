/** The steps of connecting that have a deadline each. */
export type Phase = 'dns' | 'tcp' | 'forward' | 'banner' | 'kex' | 'auth' | 'channel';

/** Milliseconds that each step may take. `banner` and `kex` share a value in most tools; here they are told apart in messages. */
export type Deadlines = Record<Phase, number>;

/** The deadlines of docs: dns 5 s, tcp 10 s, banner and key exchange 10 s each, auth 30 s. */
export const defaultDeadlines: Deadlines = {
  dns: 5_000,
  tcp: 10_000,
  forward: 10_000,
  banner: 10_000,
  kex: 10_000,
  auth: 30_000,
  channel: 10_000,
};

/** A slow line is waited for as long as it moves, but not longer than this many times the deadline of a phase. */
const patience = 6;

/** Watches over one connection while it is made. */
export interface PhaseClock {
  phase(): Phase;
  /** Starts the time of a phase anew. */
  enter(phase: Phase): void;
  /** Something arrived: the phase gets its full time again, within limits. */
  progress(): void;
  /** Stops the time while a person is asked; the result starts it again. */
  hold(): () => void;
  stop(): void;
}

/** Makes a clock that calls `expire` once, with the seconds that were waited. */
export function createClock(
  deadlines: Deadlines,
  first: Phase,
  expire: (phase: Phase, seconds: number) => void,
): PhaseClock {
  let phase = first;
  let entered = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let held = 0;
  let stopped = false;

  const arm = (): void => {
    clearTimeout(timer);
    if (held > 0 || stopped) return;
    const limit = deadlines[phase];
    const left = entered + limit * patience - performance.now();
    timer = setTimeout(
      () => {
        stopped = true;
        expire(phase, Math.max(limit, performance.now() - entered) / 1000);
      },
      Math.max(0, Math.min(limit, left)),
    );
  };
  const enter = (next: Phase): void => {
    phase = next;
    entered = performance.now();
    arm();
  };
  arm();
  return {
    phase: () => phase,
    enter,
    progress: arm,
    hold() {
      held++;
      clearTimeout(timer);
      const since = performance.now();
      return () => {
        held--;
        entered += performance.now() - since;
        arm();
      };
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
