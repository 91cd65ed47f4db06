import { expect, test } from 'vitest';
import { interleave, median } from '../../bench/measure.ts';
import { markdown, plainTable } from '../../bench/report.ts';
import { race } from '../../bench/row.ts';

test('the median is the middle, or the mean of the two in the middle', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('peers take turns, each round in the other order, and a peer with fewer runs drops out', async () => {
  const order: string[] = [];
  const runner = (peer: 'play' | 'ssh' | 'ansible', times: number) => ({
    peer,
    times,
    run: async () => {
      order.push(peer);
      return [order.length];
    },
  });
  const times = await interleave([runner('ssh', 3), runner('play', 3), runner('ansible', 1)], () => {});
  expect(order.join(' ')).toBe('ssh play ansible play ssh ssh play');
  expect(times).toEqual({ ssh: [5], play: [4], ansible: [3] });
});

test('the table shows ratios against their bars, and what was not measured', async () => {
  const lines = await race(
    {
      phases: [
        { work: 'files, first run', maxOfSsh: 0.7, minOverAnsible: 25 },
        { work: 'files, converged', maxOfSsh: 0.5 },
      ],
      times: { play: 1, ssh: 1, ansible: 0 },
      run: { play: async () => [500, 600], ssh: async () => [1000, 1000], ansible: async () => [9, 9] },
    },
    { quick: false, peers: new Set(['play', 'ssh', 'ansible']), note: () => {} },
  );
  expect(plainTable(lines)).toBe(
    [
      'work              play    ssh     ansible  bars',
      'files, first run  500 ms  1.00 s  –        ✓ 0.50x (of ssh ≤ 0.7x),   – (ansible ≥ 25x)',
      'files, converged  600 ms  1.00 s  –        ✗ 0.60x (of ssh ≤ 0.5x)',
      '',
    ].join('\n'),
  );
  expect(markdown(lines, ['a machine'])).toContain(
    '| files, converged | 600 ms | 1.00 s | – | ✗ 0.60x (of ssh ≤ 0.5x) |',
  );
});
