import { median } from '../measure.ts';
import { type Bench, play } from '../peers.ts';
import { atMost, duration, type Effort, type Line, type Row } from '../row.ts';

/** Milliseconds that a packet travels in this row, each way: long enough that the round trips of a run can be counted by its time. */
const away = 200;

/**
 * What fifty tasks that find nothing to do cost beyond one command, in round trips: the difference between the two runs on a distant host,
 * less the same difference on a near one, which is work and no waiting.
 */
async function fiftyTasks(bench: Bench, { quick, peers, note }: Effort): Promise<Line[]> {
  if (!peers.has('play')) return [];
  const { farm } = bench;
  farm.reset(1);
  await play(bench, { book: 'fifty', hosts: 1 });
  const trips: number[] = [];
  const times: number[] = [];
  farm.distant.delay(away);
  try {
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      const took = async (book: string, distant: boolean): Promise<number> => {
        const { ms, counts } = await play(bench, { book, hosts: 1, distant });
        if (book === 'fifty' && counts.changed > 0) throw new Error(`a converged run changed ${counts.changed} things`);
        return ms;
      };
      const far = await took('fifty', true);
      const farther = far - (await took('one', true));
      const nearer = (await took('fifty', false)) - (await took('one', false));
      trips.push((farther - nearer) / (2 * away));
      times.push(far);
    }
  } finally {
    farm.distant.delay(25);
  }
  note(`round trips: ${trips.map((each) => each.toFixed(2)).join(', ')}`);
  return [
    {
      work: `1 host, ${2 * away} ms away, 50 mixed tasks, converged`,
      cells: { play: duration(median(times)) },
      checks: [atMost('round trips beyond one command', 1.5, '', median(trips))],
    },
  ];
}

/** The row about waiting. */
export const tripRows: Row[] = [{ id: 'j', title: 'round trips of many tasks', hosts: 100, run: fiftyTasks }];
