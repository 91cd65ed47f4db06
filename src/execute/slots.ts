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

/** For hosts that need not wait for each other. */
export const unlimited: Slots = { take: () => Promise.resolve(), give: () => undefined };
