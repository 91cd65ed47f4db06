import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, timed } from '../measure.ts';
import { type Bench, environment } from '../peers.ts';
import { atMost, duration, type Effort, type Line, type Row, ratio } from '../row.ts';

async function node(bench: Bench, args: string[]): Promise<number> {
  const { farm, temp } = bench;
  const env = { ...environment(farm.home), XDG_STATE_HOME: join(temp, 'state') };
  return timed({ argv: [process.execPath, ...args], env, output: join(temp, 'node.out') });
}

async function starts(bench: Bench, { quick, peers, note }: Effort): Promise<Line[]> {
  const kinds: { work: string; args: string[]; bar?: number }[] = [{ work: 'node -e 0', args: ['-e', '0'] }];
  if (peers.has('play')) {
    const book = join(bench.root, 'bench/books/mixed.play.yml');
    kinds.push(
      { work: 'play --help', args: [bench.play, '--help'], bar: 2 },
      {
        work: 'play lint of ten tasks',
        args: [bench.play, 'lint', book, '-i', bench.farm.inventory(1)],
        bar: 3,
      },
    );
  }
  const times = new Map<string, number[]>();
  for (let round = 0; round < (quick ? 5 : 15); round++) {
    for (const { work, args } of kinds) times.set(work, [...(times.get(work) ?? []), await node(bench, args)]);
  }
  const middle = (work: string): number => median(times.get(work) ?? []);
  const bare = middle('node -e 0');
  note(kinds.map(({ work }) => `${work} ${duration(middle(work))}`).join(', '));
  return kinds.slice(1).map(({ work, bar }) => ({
    work,
    cells: { play: duration(middle(work)) },
    checks: bar === undefined ? [] : [atMost('of node -e 0', bar, 'x', ratio(middle(work), bare))],
    notes: [`${work}: node -e 0 took ${duration(bare)}`],
  }));
}

/** A book of so many tasks that use variables, conditions, loops and results of each other. */
function longBook(tasks: number): string {
  const blocks = Array.from(
    { length: Math.ceil(tasks / 5) },
    (_, i) => `
      - file: { path: '{{base}}/{{host.name}}/dir${i}', state: directory, mode: '0755' }
      - name: settings ${i}
        copy: { dest: '{{base}}/{{host.name}}/dir${i}/settings', content: 'port={{port}} name={{host.name}}' }
      - stat: { path: '{{base}}/{{host.name}}/dir${i}' }
        register: st${i}
      - command: { cmd: 'echo {{item}}' }
        loop: [1, 2, 3]
        when: st${i}.stat.exists && port > 1000
      - lineinfile: { path: '{{base}}/{{host.name}}/dir${i}/settings', regexp: '^port=', line: 'port={{port}}' }`,
  );
  return `name: long
plays:
  - name: long
    hosts: all
    vars: { port: 8080 }
    tasks:${blocks.join('')}
`;
}

async function longLint(bench: Bench, { quick, peers, note }: Effort): Promise<Line[]> {
  if (!peers.has('play')) return [];
  const book = join(bench.temp, 'long.play.yml');
  writeFileSync(book, longBook(1000));
  const args = [bench.play, 'lint', book, '-i', bench.farm.inventory(100)];
  const times: number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) times.push(await node(bench, args));
  note(`lint ${times.map(duration).join(', ')}`);
  const seconds = median(times) / 1000;
  const work = 'lint of 1,000 tasks x 100 hosts';
  return [{ work, cells: { play: duration(median(times)) }, checks: [atMost('time', 2, ' s', seconds)] }];
}

/** The rows that are about starting and checking. */
export const startRows: Row[] = [
  { id: 'f', title: 'start', hosts: 100, run: starts },
  { id: 'g', title: 'lint', hosts: 100, run: longLint },
];
