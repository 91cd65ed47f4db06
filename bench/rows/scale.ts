import { median } from '../measure.ts';
import { type Bench, type PlayRun, play, ssh } from '../peers.ts';
import { atMost, type Check, duration, type Effort, type Line, type Row, race } from '../row.ts';

async function manyHosts(bench: Bench, { quick, peers, note }: Effort): Promise<Line[]> {
  const lines: Line[] = [];
  if (!peers.has('play')) return lines;
  const seen = new Map<number, PlayRun>();
  for (const hosts of quick ? [1, 300] : [1, 300, 1000]) {
    const runs: PlayRun[] = [];
    for (let round = 0; round < (quick || hosts === 1000 ? 1 : 3); round++) {
      runs.push(await play(bench, { book: 'one', hosts }));
      await bench.farm.quiet();
    }
    const middle = (pick: (run: PlayRun) => number): number => median(runs.map(pick));
    const [first] = runs;
    if (first === undefined) continue;
    const run: PlayRun = {
      ms: middle(({ ms }) => ms),
      maxRssMiB: middle(({ maxRssMiB }) => maxRssMiB),
      lagP99Ms: middle(({ lagP99Ms }) => lagP99Ms),
      lagMaxMs: middle(({ lagMaxMs }) => lagMaxMs),
      counts: first.counts,
    };
    seen.set(hosts, run);
    note(`${hosts} hosts: ${duration(run.ms)}, ${run.maxRssMiB.toFixed(0)} MiB, lag p99 ${run.lagP99Ms.toFixed(0)} ms`);
    if (hosts === 1) continue;
    const alone = seen.get(1)?.maxRssMiB ?? 0;
    const each = ((run.maxRssMiB - alone) / (hosts - 1)) * 1024;
    const bars: Check[] =
      hosts === 1000
        ? [
            atMost('memory', 512, ' MiB', run.maxRssMiB, 0),
            atMost('lag p99', 250, ' ms', run.lagP99Ms, 0),
            // Unreachable hosts end the run with an error, so this line is only reached without one.
            { bar: 'no refusals', value: '0', met: true },
          ]
        : [];
    const numbers = `${run.maxRssMiB.toFixed(0)} MiB, lag p99 ${run.lagP99Ms.toFixed(0)} ms, max ${run.lagMaxMs.toFixed(0)} ms`;
    lines.push({
      work: `${hosts.toLocaleString('en')} hosts, one command`,
      cells: { play: duration(run.ms) },
      checks: bars,
      notes: [`${hosts} hosts: ${numbers}, ${each.toFixed(0)} KiB a host`],
    });
  }
  return lines;
}

async function muchOutput(bench: Bench, effort: Effort): Promise<Line[]> {
  const bytes = effort.quick ? 128 * 1024 * 1024 : 1024 * 1024 * 1024;
  const lines: Line[] = [];
  for (const kind of ['lines', 'zeros']) {
    const job = { book: `gibibyte-${kind}`, hosts: 1, vars: { bytes }, discard: true };
    const memory: number[] = [];
    const [line] = await race(
      {
        phases: [{ work: `${bytes / 1024 / 1024} MiB of task output, ${kind}`, maxOfSsh: 2 }],
        times: { play: 3, ssh: 3, ansible: 0 },
        run: {
          ssh: async () => [await ssh(bench, job)],
          play: async () => {
            const run = await play(bench, job);
            memory.push(run.maxRssMiB);
            return [run.ms];
          },
        },
      },
      effort,
    );
    if (line === undefined) continue;
    const most = memory.length > 0 ? Math.max(...memory) : undefined;
    lines.push({ ...line, checks: [...line.checks, atMost('memory', 200, ' MiB', most, 0)] });
  }
  return lines;
}

/** The rows that are about much of something. */
export const scaleRows: Row[] = [
  { id: 'h', title: 'very many hosts', hosts: 1000, run: manyHosts },
  { id: 'i', title: 'very much output', hosts: 100, run: muchOutput },
];
