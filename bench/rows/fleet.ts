import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAws } from '../../test/aws/aws.ts';
import { timed } from '../measure.ts';
import { type Bench, environment } from '../peers.ts';
import { atMost, type Check, duration, type Effort, type Line, type Row } from '../row.ts';

/** What a run over a fleet of the fake costs. */
interface FleetRun {
  ms: number;
  calls: number;
  maxRssMiB: number;
  lagP99Ms: number;
}

const books: Record<number, string> = {
  1: 'fleet-1',
  10: 'fleet-10',
};

/**
 * Runs a playbook over so many instances of the fake of AWS. The answers are canned: each distinct script is run once on this machine and
 * all instances give what it printed; lists, pages, rates, delays and statuses are those of the API.
 */
async function overFleet({ root, play, temp }: Bench, hosts: number, segments: number): Promise<FleetRun> {
  const printed = new Map<string, string>();
  const output = (script: string): string => {
    const said =
      printed.get(script) ??
      execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    printed.set(script, said);
    return said;
  };
  const aws = await startAws({
    canned: { instances: hosts, output, delay: 1000 },
    faults: { consistency: { ms: 200 }, throttle: [{ action: 'ssm:*', perSecond: 40, burst: 40 }] },
  });
  try {
    const work = mkdtempSync(join(temp, 'fleet-'));
    const inventory = join(work, 'fleet.json');
    const names = Object.fromEntries([...aws.instances.keys()].map((id) => [id, {}]));
    writeFileSync(inventory, JSON.stringify({ fleet: { vars: { ansible_connection: 'ssm' }, hosts: names } }));
    const stats = join(work, 'stats.json');
    const ms = await timed({
      argv: [
        process.execPath,
        play,
        join(root, 'bench/books', `${books[segments]}.play.yml`),
        '-i',
        inventory,
        '-o',
        'lines',
      ],
      env: { ...environment(work), ...aws.env, XDG_STATE_HOME: join(work, 'state'), PLAY_STATS: stats },
      output: join(work, 'output'),
    });
    const { maxRssMiB, lagP99Ms } = JSON.parse(readFileSync(stats, 'utf8'));
    const count: Record<string, number> = {};
    for (const { action, error } of aws.calls) {
      const k = action + (error ? ` ${error}` : '');
      count[k] = (count[k] ?? 0) + 1;
    }
    process.stderr.write(`${JSON.stringify(count)}\n`);
    return { ms, calls: aws.calls.length, maxRssMiB, lagP99Ms };
  } finally {
    await aws.close();
  }
}

async function fleets(bench: Bench, { quick, peers, note }: Effort): Promise<Line[]> {
  const lines: Line[] = [];
  if (!peers.has('play')) return lines;
  const sizes = quick ? [100, 1000] : [100, 1000, 10_000];
  for (const segments of [1, 10]) {
    for (const hosts of sizes) {
      const run = await overFleet(bench, hosts, segments);
      note(
        `${hosts} instances, ${segments} segments: ${duration(run.ms)}, ${run.calls} calls, ${run.maxRssMiB} MiB, lag ${run.lagP99Ms} ms`,
      );
      const bars: Check[] = hosts === 10_000 ? [atMost('lag p99', 250, ' ms', run.lagP99Ms, 0)] : [];
      lines.push({
        work: `${hosts.toLocaleString('en')} instances through a fake of Systems Manager with canned answers, ${segments === 1 ? 'one segment' : `${segments} segments`}`,
        cells: { play: duration(run.ms) },
        checks: bars,
        notes: [
          `${hosts} instances, ${segments} segments: ${run.calls} calls, ${run.maxRssMiB.toFixed(0)} MiB, lag p99 ${run.lagP99Ms.toFixed(0)} ms`,
        ],
      });
    }
  }
  return lines;
}

/** The rows about AWS. */
export const fleetRows: Row[] = [{ id: 'n', title: 'a fleet through AWS', hosts: 1, run: fleets }];
