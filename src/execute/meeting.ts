/**
 * Where the hosts of a batch wait for each other. A host that waits at a place is let go when all others that still take part wait as well,
 * at this place or at later ones: they may have gone another way.
 */
export interface Meeting {
  /** Resolves when all live members have come as far; gives all that are let go together. */
  arrive(member: string, position: readonly number[]): Promise<ReadonlySet<string>>;
  /** This member will not come any more. */
  leave(): void;
}

/** A meeting of so many members, usable again and again. */
export function createMeeting(members: number): Meeting {
  let live = members;
  let waiting: { member: string; position: readonly number[]; go(together: ReadonlySet<string>): void }[] = [];
  const release = (): void => {
    if (waiting.length < live || waiting.length === 0) return;
    const first = waiting.reduce((least, each) => (compare(each.position, least) < 0 ? each.position : least), [
      Number.POSITIVE_INFINITY,
    ] as readonly number[]);
    const ready = waiting.filter(({ position }) => compare(position, first) === 0);
    waiting = waiting.filter(({ position }) => compare(position, first) !== 0);
    const together = new Set(ready.map(({ member }) => member));
    for (const { go } of ready) go(together);
  };
  return {
    arrive(member, position) {
      return new Promise((go) => {
        waiting.push({ member, position, go });
        release();
      });
    },
    leave() {
      live -= 1;
      release();
    },
  };
}

/** Number by number; a place inside of another one is later. */
function compare(one: readonly number[], other: readonly number[]): number {
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const difference = (one[i] ?? -1) - (other[i] ?? -1);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
