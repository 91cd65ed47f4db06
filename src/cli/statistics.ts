import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';

/** Measures memory and event-loop lag of this run for the benchmark, when PLAY_STATS names a file; the returned function writes it. */
export function watchStatistics(file: string | undefined): () => void {
  if (!file) return () => undefined;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  return () => {
    delay.disable();
    const ms = (nanoseconds: number): number => Math.round(nanoseconds / 1e5) / 10;
    const { maxRSS } = process.resourceUsage();
    const figures = {
      maxRssMiB: Math.round(maxRSS / 102.4) / 10,
      lagP99Ms: ms(delay.percentile(99)),
      lagMaxMs: ms(delay.max),
    };
    writeFileSync(file, `${JSON.stringify(figures)}\n`);
  };
}
