import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAws } from '../../test/aws/aws.ts';
import { timed } from '../measure.ts';
import { type Bench, environment } from '../peers.ts';
import { atMost, duration, type Effort, type Line, type Row, ratio } from '../row.ts';

/** What play is to do on how many instances. */
interface FleetJob {
  hosts: number;
  /** `books/NAME.play.yml`. */
  book: string;
  /** All of them in one command, by a tag that they carry. */
  byTag?: boolean;
  args?: string[];
  /** The exit code of play; 0 when not said. */
  exit?: number;
}

interface FleetRun {
  ms: number;
  calls: number;
  maxRssMiB: number;
  lagP99Ms: number;
  /** Instances at which a command was begun. */
  begun: number;
}

/** A tag that every canned instance carries, and how it is written in an inventory. */
const tag = 'tag:Fleet=canned';

/**
 * Runs a playbook over instances of the fake of AWS. Their answers are canned: each distinct script is run once on this machine, and all
 * instances give what it printed. Lists, pages, rates (forty calls a second), delays (a command takes a second) and statuses are those of the API.
 */
async function overFleet({ root, play, temp }: Bench, job: FleetJob): Promise<FleetRun> {
  const printed = new Map<string, { stdout: string; code: number }>();
  const begun = new Set<string>();
  const output = (script: string, instance: string): { stdout: string; code: number } => {
    begun.add(instance);
    const before = printed.get(script);
    if (before) return before;
    const { stdout, status } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
    const said = { stdout, code: status ?? 255 };
    printed.set(script, said);
    return said;
  };
  await using aws = await startAws({
    canned: { instances: job.hosts, output, delay: 1000 },
    faults: { consistency: { ms: 200 }, throttle: [{ action: 'ssm:*', perSecond: 40, burst: 40 }] },
  });
  for (const { tags } of aws.instances.values()) tags['Fleet'] = 'canned';
  const work = mkdtempSync(join(temp, 'fleet-'));
  const vars = { ansible_connection: 'ssm', ...(job.byTag && { ansible_aws_ssm_tag_target: tag }) };
  const hosts = Object.fromEntries([...aws.instances.keys()].map((id) => [id, {}]));
  writeFileSync(join(work, 'fleet.json'), JSON.stringify({ fleet: { vars, hosts } }));
  const book = join(root, 'bench/books', `${job.book}.play.yml`);
  const ms = await timed({
    argv: [process.execPath, play, book, '-i', join(work, 'fleet.json'), '-o', 'lines', ...(job.args ?? [])],
    env: {
      ...environment(work),
      ...aws.env,
      XDG_STATE_HOME: join(work, 'state'),
      PLAY_STATS: join(work, 'stats.json'),
    },
    output: join(work, 'output'),
    exit: job.exit ?? 0,
  });
  const { maxRssMiB, lagP99Ms } = JSON.parse(readFileSync(join(work, 'stats.json'), 'utf8'));
  return { ms, calls: aws.calls.length, maxRssMiB, lagP99Ms, begun: begun.size };
}

const many = (hosts: number): string => `${hosts.toLocaleString('en')} instances through a stand-in for AWS`;

async function fleets(bench: Bench, { quick, peers, note }: Effort): Promise<Line[]> {
  const lines: Line[] = [];
  if (!peers.has('play')) return lines;
  const run = async (work: string, job: FleetJob): Promise<{ seen: FleetRun; line: Line }> => {
    const seen = await overFleet(bench, job);
    const numbers = `${seen.calls} calls, ${seen.maxRssMiB.toFixed(0)} MiB, lag p99 ${seen.lagP99Ms.toFixed(0)} ms`;
    note(`${job.hosts} instances, ${work}: ${duration(seen.ms)}, ${numbers}`);
    const line: Line = {
      work: `${many(job.hosts)}, canned answers: ${work}`,
      cells: { play: duration(seen.ms) },
      checks: [],
      notes: [`${job.hosts} instances, ${work}: ${numbers}`],
    };
    lines.push(line);
    return { seen, line };
  };

  const [small, large] = quick ? [100, 1_000] : [1_000, 10_000];
  for (const [book, work] of [
    ['fleet-1', 'one segment'],
    ['fleet-10', 'ten segments'],
  ] as const) {
    const { seen: few } = await run(work, { book, hosts: small });
    const { seen: all, line } = await run(work, { book, hosts: large });
    line.checks.push(
      atMost('lag p99', 250, ' ms', all.lagP99Ms, 0),
      atMost('time of ten times as many', 12, 'x', ratio(all.ms, few.ms)),
      atMost('calls of ten times as many', 12, 'x', ratio(all.calls, few.calls)),
    );
  }
  await run('one segment, one command by a tag', { book: 'fleet-1', hosts: large, byTag: true });
  const limited = await run('all fail, 1% may, 100 at once', {
    ...{ book: 'fleet-fails', hosts: large, byTag: true, args: ['--forks', '100'], exit: 3 },
  });
  // What is under way when the limit is passed comes to its end.
  limited.line.checks.push(atMost('instances begun', large / 100 + 1 + 100, '', limited.seen.begun, 0));
  return lines;
}

/** The rows about AWS. */
export const fleetRows: Row[] = [{ id: 'n', title: 'a fleet through AWS', hosts: 1, run: fleets }];
