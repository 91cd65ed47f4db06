import { cpSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { must } from '../test/rig/run.ts';
import { type Farm, startFarm } from './farm.ts';
import type { Peer } from './measure.ts';
import type { Bench } from './peers.ts';
import { machine, markdown, plainTable } from './report.ts';
import type { Line, Row } from './row.ts';
import { fleetRows } from './rows/fleet.ts';
import { packetRows } from './rows/packets.ts';
import { remoteRows } from './rows/remote.ts';
import { scaleRows } from './rows/scale.ts';
import { startRows } from './rows/start.ts';
import { tableRows } from './rows/tables.ts';
import { tripRows } from './rows/trips.ts';
import { webRows } from './rows/web.ts';

const rows: Row[] = [
  ...remoteRows,
  ...tripRows,
  ...startRows,
  ...scaleRows,
  ...webRows,
  ...tableRows,
  ...packetRows,
  ...fleetRows,
];
const allPeers: Peer[] = ['play', 'ssh', 'ansible'];

const usage = `Usage: npm run bench -- [options]

Runs the same work with play, plain ssh and ansible against an sshd of its own on loopback, and compares.
Needs root on Debian or Ubuntu; installs what is missing. Writes bench/results.md after a full run.

  --rows a,c       only these: ${rows.map(({ id, title }) => `${id} (${title})`).join(', ')}
  --peers play,ssh only these of ${allPeers.join(', ')}
  --forks N        for play; its own choice when not given
  --quick          each once, and less of it
  --out FILE       where the page goes; with --rows, --peers or --quick there is none unless this is given
  --help
`;

/** Runs the bench. Gives the exit code: 0 = every bar that was measured is met, 1 = not, 2 = it could not be told. */
export async function main(argv: string[], place: { root: string; temp: string }): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      rows: { type: 'string' },
      peers: { type: 'string' },
      forks: { type: 'string' },
      out: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const wanted = values.rows?.split(',');
  const chosen = wanted ? rows.filter(({ id }) => wanted.includes(id)) : rows;
  const peers = new Set(allPeers.filter((peer) => values.peers?.split(',').includes(peer) ?? true));
  if (chosen.length === 0 || peers.size === 0) {
    process.stderr.write(usage);
    return 2;
  }
  const note = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  if (peers.has('play') && !existsSync(join(place.root, 'dist/play.cjs'))) {
    note('play is not built: run `npm run build` first (or leave it out: --peers ssh,ansible)');
    return 2;
  }
  const play = peers.has('play') ? copyOfPlay(place) : '';
  await must(join(place.root, 'scripts/setup-tests.sh'), peers.has('ansible') ? ['--bench'] : []);
  const about = await machine(place.root);
  for (const line of about) note(line);
  const forks = values.forks === undefined ? undefined : Number(values.forks);
  const { lines, broken } = await measure(chosen, { ...place, play, forks }, { quick: values.quick, peers, note });
  process.stdout.write(`\n${plainTable(lines)}\n`);
  for (const text of lines.flatMap(({ notes }) => notes ?? [])) process.stdout.write(`${text}\n`);
  const partial = values.rows !== undefined || values.peers !== undefined || values.quick;
  const out = values.out ?? (partial ? undefined : join(place.root, 'bench/results.md'));
  if (out !== undefined) writeFileSync(out, markdown(lines, about));
  if (broken.length > 0) {
    process.stderr.write(`not measured: ${broken.join(', ')}\n`);
    return 2;
  }
  return lines.some(({ checks }) => checks.some(({ met }) => met === false)) ? 1 : 0;
}

/** A build may happen while the bench runs; this one is measured to the end. Gives the start file. */
function copyOfPlay({ root, temp }: { root: string; temp: string }): string {
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(root, part), join(temp, 'app', part), { recursive: true });
  // Packages that are no part of the build.
  symlinkSync(join(root, 'node_modules'), join(temp, 'app/node_modules'));
  return join(temp, 'app/bin/play.js');
}

/** Runs the rows one after another; a farm serves as many of them as it has hosts for. A row that fails does not stop the others. */
async function measure(
  chosen: Row[],
  place: Omit<Bench, 'farm'>,
  effort: { quick: boolean; peers: ReadonlySet<Peer>; note(text: string): void },
): Promise<{ lines: Line[]; broken: string[] }> {
  const lines: Line[] = [];
  const broken: string[] = [];
  let farm: Farm | undefined;
  const stop = async (): Promise<void> => {
    await farm?.stop();
    farm = undefined;
  };
  const interrupted = (): void => {
    stop().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    for (const row of chosen) {
      effort.note(`\n${row.id}: ${row.title}`);
      try {
        // Exactly as many as asked: every client reads a known_hosts of that length.
        if (farm && farm.rig.addresses.length !== row.hosts) await stop();
        farm ??= await startFarm(row.hosts);
        lines.push(...(await row.run({ ...place, farm }, effort)));
      } catch (error) {
        broken.push(row.id);
        effort.note(`${row.id} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    await stop();
    process.removeListener('SIGINT', interrupted).removeListener('SIGTERM', interrupted);
  }
  return { lines, broken };
}
