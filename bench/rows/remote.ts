import { verifyMixed } from '../mixed.ts';
import { ansible, type Bench, type Job, play, ssh } from '../peers.ts';
import { type Effort, type Line, type Race, type Row, race } from '../row.ts';

/** Runs the ten mixed tasks twice from a clean state; gives both times. The second run must find nothing to do. */
function mixed(bench: Bench, job: Job): Race['run'] {
  const twice = async (once: () => Promise<{ ms: number; changed?: number }>): Promise<number[]> => {
    bench.farm.reset(job.hosts);
    const first = await once();
    verifyMixed(bench.farm, job.hosts);
    const second = await once();
    verifyMixed(bench.farm, job.hosts);
    if (first.changed === 0) throw new Error('the first run changed nothing');
    if (second.changed) throw new Error(`the second run changed ${second.changed} things`);
    return [first.ms, second.ms];
  };
  return {
    ssh: () => twice(async () => ({ ms: await ssh(bench, job) })),
    ansible: () => twice(() => ansible(bench, job)),
    play: () =>
      twice(async () => {
        const { ms, counts } = await play(bench, job);
        return { ms, changed: counts.changed };
      }),
  };
}

/** Runs commands, which always change something. */
function commands(bench: Bench, job: Job): Race['run'] {
  return {
    ssh: async () => [await ssh(bench, job)],
    ansible: async () => [(await ansible(bench, job)).ms],
    play: async () => [(await play(bench, job)).ms],
  };
}

const tenHosts = (bench: Bench, effort: Effort): Promise<Line[]> =>
  race(
    {
      phases: [
        { work: '10 hosts x 10 mixed file tasks, first run', maxOfSsh: 0.8, minOverAnsible: 25 },
        { work: '… converged', maxOfSsh: 0.8, minOverAnsible: 25 },
      ],
      times: { play: 5, ssh: 5, ansible: 2 },
      run: mixed(bench, { book: 'mixed', hosts: 10 }),
    },
    effort,
  );

const hundredHosts = (bench: Bench, effort: Effort): Promise<Line[]> =>
  race(
    {
      phases: [
        { work: '100 hosts x 10 mixed file tasks, first run', maxOfSsh: 0.7 },
        { work: '… converged', maxOfSsh: 0.5 },
      ],
      // No bar of this row is about ansible, and it would take minutes.
      times: { play: 3, ssh: 3, ansible: 0 },
      run: mixed(bench, { book: 'mixed', hosts: 100 }),
    },
    effort,
  );

const distantHost = (bench: Bench, effort: Effort): Promise<Line[]> =>
  race(
    {
      phases: [
        { work: '1 host, 50 ms away, 10 mixed file tasks, first run', maxOfSsh: 1.25 },
        { work: '… converged', maxOfSsh: 1.25 },
      ],
      times: { play: 5, ssh: 5, ansible: 1 },
      run: mixed(bench, { book: 'mixed', hosts: 1, distant: true }),
    },
    effort,
  );

/** The rows that are about tasks on hosts. */
export const remoteRows: Row[] = [
  {
    id: 'a',
    title: 'commands on many hosts',
    hosts: 100,
    run: (bench, effort) =>
      race(
        {
          phases: [{ work: '100 hosts x 10 commands', maxOfSsh: 0.5, minOverAnsible: 40 }],
          times: { play: 3, ssh: 3, ansible: effort.quick ? 0 : 1 },
          run: commands(bench, { book: 'commands', hosts: 100 }),
        },
        effort,
      ),
  },
  { id: 'b', title: 'files on some hosts', hosts: 100, run: tenHosts },
  { id: 'c', title: 'files on many hosts', hosts: 100, run: hundredHosts },
  { id: 'd', title: 'files on a distant host', hosts: 100, run: distantHost },
  {
    id: 'e',
    title: 'a loop on one host',
    hosts: 100,
    run: (bench, effort) =>
      race(
        {
          phases: [{ work: '1 host, loop of 100 commands', minOverAnsible: 50 }],
          times: { play: 5, ssh: 5, ansible: 2 },
          run: commands(bench, { book: 'loop', hosts: 1 }),
        },
        effort,
      ),
  },
];
