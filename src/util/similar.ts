/** The candidate nearest to a word that is probably a typo of it, or undefined. Case and `-`/`_` count as equal; of equally near ones first a swap of letters, then the one that begins alike longest. */
export function similar(word: string, candidates: Iterable<string>): string | undefined {
  const fold = (text: string): string => text.toLowerCase().replaceAll('-', '_');
  const wanted = fold(word);
  const most = Math.max(1, Math.floor(wanted.length / 3));
  let best: { name: string; distance: number; alike: number } | undefined;
  for (const name of candidates) {
    const distance = editDistance(wanted, fold(name));
    if (distance > most) continue;
    const alike = sameLetters(wanted, fold(name)) ? wanted.length : commonStart(wanted, fold(name));
    if (!best || distance < best.distance || (distance === best.distance && alike > best.alike))
      best = { name, distance, alike };
  }
  return best?.name;
}

function sameLetters(a: string, b: string): boolean {
  return a.length === b.length && [...a].sort().join('') === [...b].sort().join('');
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** Number of single-character edits between two words; a swap of neighbours counts as one (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, before[j - 2]! + 1);
      row.push(value);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
