import type { Fields, Value } from '../model/value.ts';
import { cellText } from './cells.ts';
import { roundTicks, timeTicks } from './chart-scale.ts';
import { escapeHtml } from './html.ts';

/** What a chart shows of the rows of a table. */
export interface Chart {
  kind: 'line' | 'bar';
  title: string;
  /** The column along the bottom. */
  x: string;
  /** `time`: ISO texts; `number`; else each value has its place in the order of the rows. */
  xKind: 'time' | 'number' | 'name';
  /** Columns of numbers. */
  y: string[];
  /** A column of which each value is a line of its own. */
  series?: string;
  width: number;
  height: number;
}

/** One line, or the bars of one colour. */
interface Line {
  name: string;
  points: { x: number; y: number }[];
}

/** Colours that can be told apart by people who see fewer of them (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#666666', '#f0e442'];

/** A chart as SVG, which needs nothing else. */
export function chartSvg(chart: Chart, rows: readonly Fields[]): string {
  const names = chart.xKind === 'name' ? [...new Set(rows.map((row) => cellText(row[chart.x] ?? null)))] : [];
  const lines = linesOf(chart, rows, names);
  const values = lines.flatMap(({ points }) => points.map(({ y }) => y));
  // Bars begin at 0, and so do lines that are not far from it.
  const least = Math.min(
    ...values,
    ...(chart.kind === 'bar' || Math.min(...values) < Math.max(...values) / 2 ? [0] : []),
  );
  const yTicks =
    values.length > 0
      ? roundTicks(least, Math.max(...values, ...(chart.kind === 'bar' ? [0] : [])), 5)
      : roundTicks(0, 1, 5);
  const legend = lines.length > 1;
  const widest = Math.min(16, Math.max(0, ...names.map((name) => name.length)));
  const slot = (chart.width - 80) / Math.max(1, names.length);
  const tilted = widest * 7 + 8 > slot;
  const box = {
    // A tilted label ends below its bar, and the first one must have room to its left.
    left: Math.max(
      20 + 7 * Math.max(...yTicks.map(({ text }) => text.length)),
      tilted ? Math.min(16, names[0]?.length ?? 0) * 6 - slot / 2 + 10 : 0,
    ),
    right: chart.width - 20,
    top: (chart.title === '' ? 14 : 40) + (legend ? 22 : 0),
    bottom: chart.height - (tilted ? 20 + 5 * widest : 34),
  };
  const xs = lines.flatMap(({ points }) => points.map(({ x }) => x));
  const [low, high] = names.length > 0 ? [-0.5, names.length - 0.5] : [Math.min(...xs), Math.max(...xs)];
  const at = {
    x: (value: number): number => box.left + ((value - low) / (high - low || 1)) * (box.right - box.left),
    y: (value: number): number => {
      const [bottom = 0, top = 1] = [yTicks[0]?.value, yTicks.at(-1)?.value];
      return box.bottom - ((value - bottom) / (top - bottom || 1)) * (box.bottom - box.top);
    },
  };
  const floor = Math.max(0, yTicks[0]?.value ?? 0);
  const parts = [
    ...yTicks.flatMap(({ value, text }) => [
      `<line x1="${px(box.left)}" y1="${px(at.y(value))}" x2="${box.right}" y2="${px(at.y(value))}" stroke="#ddd"/>`,
      label(text, { x: box.left - 6, y: at.y(value) + 4, anchor: 'end' }),
    ]),
    ...xLabels(chart, { names, low, high, at: at.x, bottom: box.bottom, tilted }),
    ...(chart.kind === 'bar' ? bars(lines, { names, at }) : lines.map((line, i) => path(line, i, at))),
    `<line x1="${px(box.left)}" y1="${px(at.y(floor))}" x2="${box.right}" y2="${px(at.y(floor))}" stroke="#333"/>`,
    ...(chart.title === '' ? [] : [label(chart.title, { x: chart.width / 2, y: 24, anchor: 'middle', size: 16 })]),
    ...(legend ? legendOf(lines, { left: box.left, y: box.top - 14 }) : []),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${chart.width}" height="${chart.height}" viewBox="0 0 ${chart.width} ${chart.height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
}

function linesOf({ x, xKind, y, series }: Chart, rows: readonly Fields[], names: string[]): Line[] {
  const place = new Map(names.map((name, i) => [name, i]));
  const lines = new Map<string, Line>();
  for (const row of rows) {
    const value = row[x] ?? null;
    const along = xKind === 'name' ? place.get(cellText(value)) : xKind === 'number' ? value : timeOf(value);
    for (const column of y) {
      const up = row[column];
      if (typeof along !== 'number' || Number.isNaN(along) || typeof up !== 'number') continue;
      const own = series === undefined ? undefined : cellText(row[series] ?? null);
      const name = own === undefined ? column : y.length > 1 ? `${own} ${column}` : own;
      const line = lines.get(name) ?? { name, points: [] };
      line.points.push({ x: along, y: up });
      lines.set(name, line);
    }
  }
  if (xKind !== 'name') for (const { points } of lines.values()) points.sort((a, b) => a.x - b.x);
  return [...lines.values()];
}

function timeOf(value: Value): number {
  const text = String(value);
  return Date.parse(text.includes('T') && !/Z|[+-]\d\d:?\d\d$/.test(text) ? `${text}Z` : text);
}

const colour = (index: number): string => COLOURS[index % COLOURS.length] ?? '#000';
/** Tenths of a pixel are enough. */
const px = (value: number): string => String(Math.round(value * 10) / 10);

interface Axes {
  x(value: number): number;
  y(value: number): number;
}

function path({ points }: Line, index: number, at: Axes): string {
  const d = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${px(at.x(x))} ${px(at.y(y))}`).join('');
  const [only] = points;
  if (only && points.length === 1)
    return `<circle cx="${px(at.x(only.x))}" cy="${px(at.y(only.y))}" r="3" fill="${colour(index)}"/>`;
  return `<path d="${d}" fill="none" stroke="${colour(index)}" stroke-width="2" stroke-linejoin="round"/>`;
}

/** Bars of one place stand beside each other. Along numbers and times they are as wide as the nearest two allow. */
function bars(lines: readonly Line[], { names, at }: { names: readonly string[]; at: Axes }): string[] {
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const gaps = names.length > 0 ? [1] : xs.slice(1).map((x, i) => x - (xs[i] ?? x));
  const slot = Math.max(1, (at.x(Math.min(...gaps, Number.MAX_VALUE)) - at.x(0)) * 0.8 || 20);
  const all = Math.min(slot, 120);
  const width = all / lines.length;
  return lines.flatMap(({ points }, i) =>
    points.map(({ x, y }) => {
      const [top, foot] = [at.y(Math.max(0, y)), at.y(Math.min(0, y))];
      return `<rect x="${px(at.x(x) - all / 2 + i * width)}" y="${px(top)}" width="${px(Math.max(0.5, width * 0.95))}" height="${px(foot - top)}" fill="${colour(i)}"/>`;
    }),
  );
}

function xLabels(
  { xKind, width }: Chart,
  options: {
    names: readonly string[];
    low: number;
    high: number;
    at(value: number): number;
    bottom: number;
    tilted: boolean;
  },
): string[] {
  const { names, low, high, at, bottom, tilted } = options;
  if (names.length > 0) {
    const every = Math.max(1, Math.ceil((names.length * 16) / width));
    return names.flatMap((name, i) => {
      if (i % every !== 0) return [];
      const short = name.length > 16 ? `${name.slice(0, 15)}…` : name;
      return [label(short, { x: at(i), y: bottom + (tilted ? 14 : 18), anchor: tilted ? 'end' : 'middle', tilted })];
    });
  }
  if (!Number.isFinite(low)) return [];
  const ticks = xKind === 'time' ? timeTicks(low, high, width / 110) : roundTicks(low, high, width / 90);
  return ticks
    .filter(({ value }) => value >= low && value <= high)
    .map(({ value, text }) => label(text, { x: at(value), y: bottom + 18, anchor: 'middle' }));
}

function legendOf(lines: readonly Line[], { left, y }: { left: number; y: number }): string[] {
  let x = left;
  return lines.flatMap(({ name }, i) => {
    const here = x;
    x += 28 + name.length * 7;
    return [
      `<rect x="${here}" y="${y - 9}" width="10" height="10" fill="${colour(i)}"/>`,
      label(name, { x: here + 15, y, anchor: 'start' }),
    ];
  });
}

function label(
  text: string,
  { x, y, anchor, size, tilted }: { x: number; y: number; anchor: string; size?: number; tilted?: boolean },
): string {
  const turned = tilted ? ` transform="rotate(-35 ${px(x)} ${px(y)})"` : '';
  const large = size === undefined ? '' : ` font-size="${size}"`;
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" fill="#333"${large}${turned}>${escapeHtml(text)}</text>`;
}
