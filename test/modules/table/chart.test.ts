import { describe, expect, test } from 'vitest';
import { type Chart, chartSvg } from '../../../src/table/chart.ts';
import { roundTicks, timeTicks } from '../../../src/table/chart-scale.ts';

const chart: Chart = { kind: 'line', title: '', x: 'x', xKind: 'number', y: ['y'], width: 400, height: 200 };
const count = (svg: string, tag: string): number => svg.split(`<${tag} `).length - 1;

describe('charts', () => {
  test('a line for each series, and a legend', () => {
    const rows = [1, 2, 3].flatMap((x) => ['a', 'b'].map((s) => ({ x, y: x * 2, s })));
    const svg = chartSvg({ ...chart, series: 's' }, rows);
    expect(count(svg, 'path')).toBe(2);
    expect(svg).toContain('>a</text>');
    expect(svg).not.toContain('NaN');
  });

  test('a bar for each value; those below 0 hang', () => {
    const svg = chartSvg({ ...chart, kind: 'bar', xKind: 'name' }, [
      { x: 'a', y: 2 },
      { x: 'b', y: -1 },
      { x: 'c', y: null },
    ]);
    // The background is a rectangle, too.
    expect(count(svg, 'rect')).toBe(1 + 2);
    expect(svg).not.toContain('NaN');
  });

  test.each<[string, Chart, Record<string, string | number | null>[]]>([
    ['no rows', chart, []],
    ['one row', chart, [{ x: 1, y: 1 }]],
    [
      'the same everywhere',
      chart,
      [
        { x: 1, y: 0 },
        { x: 2, y: 0 },
      ],
    ],
    ['only gaps', chart, [{ x: null, y: null }]],
    ['one time', { ...chart, xKind: 'time' }, [{ x: '2024-01-01', y: 1 }]],
    ['a name', { ...chart, kind: 'bar', xKind: 'name' }, [{ x: '', y: 1 }]],
  ])('%s', (_, one, rows) => {
    expect(chartSvg(one, rows)).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('ticks are round', () => {
    expect(roundTicks(0, 97, 5).map(({ text }) => text)).toEqual(['0', '20', '40', '60', '80', '100']);
    expect(roundTicks(-0.1, 0.25, 4).map(({ value }) => value)).toEqual([-0.1, 0, 0.1, 0.2, 0.3]);
    expect(roundTicks(0, 3e6, 3).map(({ text }) => text)).toEqual(['0', '1M', '2M', '3M']);
    const hour = 3_600_000;
    expect(timeTicks(hour * 0.5, hour * 3, 3).map(({ text }) => text)).toEqual([
      '01-01 01:00',
      '01-01 02:00',
      '01-01 03:00',
    ]);
  });
});
