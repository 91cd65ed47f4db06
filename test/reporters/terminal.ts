/** A terminal as small as the live view needs: it moves up, erases, wraps and scrolls, and shows what a person would see. */
export interface Terminal {
  write(text: string): void;
  /** Everything, scrolled-away lines included, without the blanks at the end of each. */
  text(): string;
  cursorShown(): boolean;
}

/** Throws on any control it does not know, so that nothing unexpected reaches a real terminal. */
export function terminal({ width, height }: { width: number; height: number }): Terminal {
  const rows: string[] = [''];
  let row = 0;
  let column = 0;
  let shown = true;

  const put = (char: string): void => {
    if (column === width) {
      row += 1;
      column = 0;
    }
    const line = (rows[row] ?? '').padEnd(column);
    rows[row] = line.slice(0, column) + char + line.slice(column + 1);
    column += 1;
  };

  function control(sequence: string): void {
    const up = /^\x1b\[(\d+)A$/.exec(sequence);
    if (up) row = Math.max(row - Number(up[1]), rows.length - height, 0);
    else if (sequence === '\r') column = 0;
    else if (sequence === '\n') {
      row += 1;
      column = 0;
      rows[row] ??= '';
    } else if (sequence === '\x1b[K') rows[row] = (rows[row] ?? '').slice(0, column);
    else if (sequence === '\x1b[J') rows.splice(row, Number.POSITIVE_INFINITY, (rows[row] ?? '').slice(0, column));
    else if (sequence === '\x1b[?25l' || sequence === '\x1b[?25h') shown = sequence.endsWith('h');
    else if (!sequence.startsWith('\x1b[?2026')) throw new Error(`unexpected control ${JSON.stringify(sequence)}`);
  }

  return {
    write(text) {
      for (const piece of text.match(/\x1b\[[?\d;]*[A-Za-z]|[\s\S]/gu) ?? []) {
        if (/^[\x00-\x1f\x7f-\x9f]/.test(piece)) control(piece);
        else put(piece);
      }
    },
    text: () =>
      `${rows
        .map((line) => line.trimEnd())
        .join('\n')
        .trimEnd()}\n`,
    cursorShown: () => shown,
  };
}
