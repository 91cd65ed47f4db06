import { NetworkError } from './network-error.ts';

/** Ports as a task has them: numbers, ranges `8000-8010`, several with commas. Each once, in order of first mention. Throws NetworkError. */
export function portNumbers(given: number | string | readonly (number | string)[]): number[] {
  const ports = new Set<number>();
  for (const part of [given].flat().flatMap((one) => String(one).split(','))) {
    const [, low, high = low] = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part) ?? [];
    const [first, last] = [Number(low), Number(high)];
    if (low === undefined || first < 1 || last > 65_535 || first > last)
      throw new NetworkError(`"${part}" is not a port from 1 to 65535, or a range like 8000-8010`);
    for (let port = first; port <= last; port += 1) ports.add(port);
  }
  return [...ports];
}
