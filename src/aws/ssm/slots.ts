/** Tells equal programs apart that run on one instance at the same time, so that each has a directory of its own there. */
export interface Slots {
  /** The lowest free number for this program on this instance. */
  take(name: string): { slot: number; free(): void };
}

export function createSlots(): Slots {
  const taken = new Map<string, Set<number>>();
  return {
    take(name) {
      const numbers = taken.get(name) ?? new Set();
      taken.set(name, numbers);
      let slot = 0;
      while (numbers.has(slot)) slot++;
      numbers.add(slot);
      return {
        slot,
        free() {
          numbers.delete(slot);
          if (numbers.size === 0) taken.delete(name);
        },
      };
    },
  };
}
