/** A round step of which about `count` fit between two numbers: 1, 2 or 5 times a power of ten. */
function roundStep(from: number, to: number, count: number): number {
  const rough = (to - from) / Math.max(1, count);
  if (!(rough > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
}

/** Round numbers that enclose two numbers, with their text. */
export function roundTicks(from: number, to: number, count: number): { value: number; text: string }[] {
  const [low, high] = from === to ? [Math.min(0, from), Math.max(from, low0(from))] : [from, to];
  const step = roundStep(low, high, count);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    // Multiplied and not added up, so that 0.1 + 0.2 stays 0.3.
    const value = Number(((first + i) * step).toPrecision(12));
    return { value, text: shortNumber(value, step) };
  });
}

/** Something above 0 to end at when all values are 0. */
function low0(value: number): number {
  return value <= 0 ? 1 : value;
}

/** A number as short as it stands at an axis, `1.5M`, with the digits in which it differs from its neighbours. */
function shortNumber(value: number, step: number): string {
  const digits = (size: number): number => Math.min(12, Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9)));
  for (const [size, letter] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    const isLong = Math.abs(value) >= size * (letter === 'k' ? 10 : 1);
    if (isLong && digits(size) <= 2) return `${Number((value / size).toFixed(digits(size)))}${letter}`;
  }
  return String(Number(value.toFixed(digits(1))));
}

const SPANS = [
  1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
].map((s) => s * 1000);

/** Ticks of a time axis (ms since 1970, UTC), at full minutes, hours or days. */
export function timeTicks(from: number, to: number, count: number): { value: number; text: string }[] {
  const rough = (to - from) / Math.max(1, count);
  const step = SPANS.find((span) => span >= rough) ?? Math.ceil(rough / 86_400_000) * 86_400_000;
  const ticks: { value: number; text: string }[] = [];
  for (let value = Math.ceil(from / step) * step; value <= to; value += step) {
    const iso = new Date(value).toISOString();
    ticks.push({
      value,
      text: step >= 86_400_000 ? iso.slice(0, 10) : `${iso.slice(5, 10)} ${iso.slice(11, step < 60_000 ? 19 : 16)}`,
    });
  }
  return ticks;
}
