/** Somewhere within a quarter around it, so that many who wait alike do not come back together. */
export function jittered(ms: number, random: () => number = Math.random): number {
  return ms * (0.75 + random() / 2);
}
