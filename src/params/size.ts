const POWERS: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/**
 * Bytes from a number or a text such as `512`, `10M`, `1.5GiB`, `2 kB`; undefined when it is neither or no whole number of bytes.
 * As in dd(1): `K`, `M` and `KiB`, `MiB` are powers of 1024, `kB`, `MB` of 1000.
 */
export function parseSize(value: unknown): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const [, digits, letter = '', tail = ''] =
    /^([0-9]+(?:\.[0-9]+)?)\s*([kmgtp])?(i?b)?$/i.exec(String(value).trim()) ?? [];
  if (digits === undefined || (letter === '' && tail.toLowerCase() === 'ib')) return undefined;
  const base = tail.toLowerCase() === 'b' ? 1_000 : 1_024;
  const bytes = Math.round(Number(digits) * base ** (POWERS[letter.toLowerCase()] ?? 0));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
