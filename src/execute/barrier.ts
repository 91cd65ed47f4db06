/** A point that every live member must reach before any goes on. Named points may be met in the same order by all. */
export interface Barrier {
  /** Resolves when all live members are at this point. */
  arrive(): Promise<void>;
  /** This member will not come any more. */
  leave(): void;
}

/** A barrier for so many members, usable again and again. */
export function createBarrier(members: number): Barrier {
  let live = members;
  let waiting: (() => void)[] = [];
  const release = (): void => {
    if (waiting.length < live || waiting.length === 0) return;
    const ready = waiting;
    waiting = [];
    for (const go of ready) go();
  };
  return {
    arrive() {
      return new Promise((resolve) => {
        waiting.push(resolve);
        release();
      });
    },
    leave() {
      live -= 1;
      release();
    },
  };
}
