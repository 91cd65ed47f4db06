/** How far the event loop is behind while it is watched. */
export interface LoopLag {
  start(): void;
  stop(): void;
  /** Milliseconds that a timer comes late, of late. */
  ms(): number;
}

const period = 20;

/** Makes a watch that does not keep the process alive. */
export function createLoopLag(): LoopLag {
  let late = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      let due = performance.now() + period;
      timer ??= setInterval(() => {
        const now = performance.now();
        late = late * 0.7 + Math.max(0, now - due) * 0.3;
        due = now + period;
      }, period).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      late = 0;
    },
    ms: () => late,
  };
}
