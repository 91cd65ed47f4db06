/** So many hosts at once; batches wait in order until all of theirs have room. */
export interface Room {
  /** Calls `begin` when there is room for so many, at once if there is now. */
  take(count: number, begin: () => void): void;
  /** One of them is done. */
  give(): void;
}

/** Room for `most` hosts; a batch of more than that goes when it is alone. */
export function createRoom(most: number): Room {
  let taken = 0;
  const waiting: { count: number; begin: () => void }[] = [];
  const admit = (): void => {
    for (;;) {
      const [first] = waiting;
      if (!first || (taken > 0 && taken + first.count > most)) return;
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
