/**
 * What is shown instead of a diff whose new side holds a secret: which lines changed and how many. Both sides are left out, because the
 * removed line is probably the secret of before, which nobody knows to be one.
 */
export function withheldDiff(diff: string): string {
  const shown: string[] = [];
  let [removed, added] = [0, 0];
  const why = (): string => `${removed} removed, ${added} added; not shown, because a secret is among them`;
  const tell = (): void => {
    if (removed + added > 0) shown.push(why());
    [removed, added] = [0, 0];
  };
  const lines = diff.split('\n');
  const isUnified = lines[2]?.startsWith('@@') ?? false;
  for (const [index, line] of lines.entries()) {
    if (isUnified && (index < 2 || line.startsWith('@@'))) {
      tell();
      shown.push(line);
    } else if (line.startsWith('-')) removed += 1;
    else if (line.startsWith('+')) added += 1;
  }
  tell();
  return `${shown.join('\n')}\n`;
}

/** Whether the new side of a diff (its added lines, as one text, and the lines that stay) holds what `holds` looks for. */
export function newSide(diff: string): string {
  return diff
    .split('\n')
    .filter((line) => /^[+ ]/.test(line) && !line.startsWith('+++ '))
    .map((line) => line.slice(1))
    .join('\n');
}
