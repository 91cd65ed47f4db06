/**
 * Orders versions as people mean them: numbers by size, missing parts as 0, and what a word like `rc` or `beta` begins before the release
 * itself. A leading `v` and what follows a `+` say nothing.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const order = comparePart(left[i], right[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function parts(version: string): string[] {
  return (
    version
      .trim()
      .replace(/^v(?=\d)/i, '')
      .replace(/\+.*$/, '')
      .toLowerCase()
      .match(/\d+|[a-z]+/g) ?? []
  );
}

/** A word stands before the end of the version, then come what is added to a release (`p1`, `post`) and numbers, of which 0 is as good as nothing. */
function comparePart(a: string | undefined, b: string | undefined): number {
  const [left, right] = [rank(a), rank(b)];
  if (left !== right || a === undefined || b === undefined) return left - right;
  if (left === WORD) return a < b ? -1 : a > b ? 1 : 0;
  if (left !== NUMBER) return 0;
  const [x, y] = [BigInt(a), BigInt(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const [WORD, NOTHING, ADDED, NUMBER] = [0, 1, 2, 3];

function rank(part: string | undefined): number {
  if (part === undefined || /^0+$/.test(part)) return NOTHING;
  if (/^\d/.test(part)) return NUMBER;
  return /^(?:p|pl|patch|post)$/.test(part) ? ADDED : WORD;
}
