/** So many hosts at once; what asks for several waits in order until there is room for all of them. */
export interface Room {
  /** Calls `begin` when there is room for so many, at once if there is now. */
  take(count: number, begin: () => void): void;
  /** One of them is done. */
  give(): void;
}

/** Room for `most` hosts. */
export function createRoom(most: number): Room {
  let taken = 0;
  const waiting: { count: number; begin: () => void }[] = [];
  const admit = (): void => {
    for (;;) {
      const [first] = waiting;
      if (!first || taken + first.count > most) return;
      waiting.shift();
      taken += first.count;
      first.begin();
    }
  };
  return {
    take(count, begin) {
      waiting.push({ count, begin });
      admit();
    },
    give() {
      taken -= 1;
      admit();
    },
  };
}
