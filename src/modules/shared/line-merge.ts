/** More lines that differ would take long to compare. */
const most = 5_000;

/** Puts the changes from `base` to `ours` into `theirs`, which is `base` with other lines here and there. `ours` where they differ too much. */
export type LineMerge = (texts: { base: string; theirs: string; ours: string }) => string;

/** A stretch of lines of one text that stands for a stretch of another. Ends are exclusive. */
interface Change {
  from: number;
  to: number;
  lines: string[];
}

/** Loads what compares texts. */
export async function lineMerge(): Promise<LineMerge> {
  const { diffArrays } = await import('diff');

  function changes(old: string[], made: string[]): Change[] | undefined {
    const found: Change[] = [];
    let at = 0;
    let open: Change | undefined;
    const parts = diffArrays(old, made, { maxEditLength: most });
    for (const part of parts ?? []) {
      if (!part.added && !part.removed) {
        at += part.value.length;
        open = undefined;
        continue;
      }
      if (open === undefined) {
        open = { from: at, to: at, lines: [] };
        found.push(open);
      }
      if (part.added) open.lines.push(...part.value);
      else open.to = at += part.value.length;
    }
    return parts && found.flatMap(lineByLine);
  }

  return ({ base, theirs, ours }) => {
    if (base === theirs) return ours;
    const lines = base.split('\n');
    const kept = changes(lines, theirs.split('\n'));
    const wanted = changes(lines, ours.split('\n'));
    if (kept === undefined || wanted === undefined) return ours;
    // A line that both have changed is as we want it.
    const others = kept.filter((one) => !wanted.some((our) => meet(one, our)));
    const merged = [...others, ...wanted].sort((a, b) => b.from - a.from || b.to - a.to);
    for (const { from, to, lines: instead } of merged) lines.splice(from, to - from, ...instead);
    return lines.join('\n');
  };
}

/** Lines that changed one by one are changes of their own. */
function lineByLine({ from, to, lines }: Change): Change[] {
  if (to - from !== lines.length) return [{ from, to, lines }];
  return lines.map((line, i) => ({ from: from + i, to: from + i + 1, lines: [line] }));
}

/** Whether two stretches have a line in common. */
function meet(a: Change, b: Change): boolean {
  return a.from < b.to && b.from < a.to;
}
