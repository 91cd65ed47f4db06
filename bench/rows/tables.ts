import { once } from 'node:events';
import { createWriteStream, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { median, timed } from '../measure.ts';
import { type Bench, environment } from '../peers.ts';
import { atMost, duration, type Effort, type Line, type Row, ratio } from '../row.ts';

/** Lines of an access log, always the same. */
async function accessLog(path: string, rows: number): Promise<void> {
  const out = createWriteStream(path);
  out.write('time,host,status,path,ms,bytes\n');
  let state = 1;
  // Numerical Recipes' generator: it needs only to be the same each time.
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const status = [200, 200, 200, 404, 500];
  for (let row = 0; row < rows; row += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - row) }, (_, i) => {
      const time = new Date((1_704_067_200 + row + i) * 1000).toISOString().slice(0, 19);
      return `${time},web${next(20)},${status[next(5)]},/p/${next(500)},${(next(1_000_000) / 1000).toFixed(3)},${next(100_000)}\n`;
    });
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

const book = (log: string, dest: string): string => `
plays:
  - hosts: localhost
    tasks:
      - table:
          from: ${log}
          memory: 256MB
          steps:
            - group: [host, status]
              aggregate: { n: count, mean: mean(ms), p95: p95(ms), paths: nunique(path) }
          to: ${dest}
`;

const pandas = (log: string, dest: string): string => `
import pandas as pd
df = pd.read_csv('${log}')
out = df.groupby(['host', 'status']).agg(n=('ms', 'size'), mean=('ms', 'mean'), p95=('ms', lambda s: s.quantile(.95)), paths=('path', 'nunique'))
out.reset_index().to_csv('${dest}', index=False)
`;

async function grouped(bench: Bench, { quick, peers, note }: Effort): Promise<Line[]> {
  if (!peers.has('play')) return [];
  const { temp, farm } = bench;
  const at = (name: string): string => join(temp, name);
  await accessLog(at('access.csv'), 1_000_000);
  writeFileSync(at('table.yml'), book(at('access.csv'), at('play.csv')));
  writeFileSync(at('table.py'), pandas(at('access.csv'), at('pandas.csv')));
  const env = { ...environment(farm.home), XDG_STATE_HOME: at('state'), PLAY_STATS: at('stats.json') };
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    rmSync(at('play.csv'), { force: true });
    ours.push(
      await timed({ argv: [process.execPath, bench.play, at('table.yml'), '-o', 'lines'], env, output: at('out') }),
    );
    theirs.push(await timed({ argv: ['/usr/bin/python3', at('table.py')], env, output: at('out') }));
  }
  note(`play ${ours.map(duration).join(', ')}; pandas ${theirs.map(duration).join(', ')}`);
  same(at('play.csv'), at('pandas.csv'));
  const { maxRssMiB } = JSON.parse(readFileSync(at('stats.json'), 'utf8')) as { maxRssMiB: number };
  const [mine, other] = [median(ours), median(theirs)];
  const work = '1 million rows of CSV grouped: count, mean, 95th percentile, distinct';
  return [
    {
      work,
      cells: { play: duration(mine) },
      checks: [atMost('of pandas', 2, 'x', ratio(mine, other)), atMost('memory', 512, ' MiB', maxRssMiB, 0)],
      notes: [`${work}: pandas took ${duration(other)}`],
    },
  ];
}

/** Both made the same table: the last digits of numbers may differ. */
function same(ours: string, theirs: string): void {
  const [mine, other] = [ours, theirs].map((path) => readFileSync(path, 'utf8').trim().split('\n'));
  const differs = mine?.find((line, i) => {
    const cells = other?.[i]?.split(',') ?? [];
    return !line.split(',').every((cell, j) => cell === cells[j] || Math.abs(Number(cell) - Number(cells[j])) < 1e-6);
  });
  if (mine?.length !== other?.length || differs !== undefined) throw new Error(`play and pandas differ: ${differs}`);
}

/** The rows that are about tables. */
export const tableRows: Row[] = [{ id: 't', title: 'tables', hosts: 1, run: grouped }];
