/** So many at a time; the rest wait in order. */
export interface Slots {
  take(): Promise<void>;
  give(): void;
}

/** Makes `count` slots. */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    take() {
      if (free > 0) {
        free -= 1;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    give() {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    },
  };
}

/** So many hosts get going before everything else has its turn again. */
const together = 8;

/** For hosts that need not wait for each other. Thousands that get going in one go would leave no room for anything else for seconds. */
export function createTurns(): Slots {
  const waiting: (() => void)[] = [];
  const next = (): void => {
    for (const go of waiting.splice(0, together)) go();
    if (waiting.length > 0) setImmediate(next);
  };
  return {
    take() {
      return new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(next);
      });
    },
    give: () => undefined,
  };
}
