import { cleanLines } from '../util/clean-text.ts';
import type { Style } from './style.ts';

/** Lines of a diff that are shown without `--verbose`. */
const SHOWN = 200;

/** A unified diff as cleaned, coloured lines. Very long ones are cut in the middle of nowhere, and say so. */
export function diffLines(diff: string, { style, all }: { style: Style; all: boolean }): string[] {
  const lines = cleanLines(diff);
  const shown = all ? lines : lines.slice(0, SHOWN);
  let inHunk = false;
  const painted = shown.map((line) => {
    inHunk ||= line.startsWith('@@');
    return paint(line, inHunk, style);
  });
  const more = lines.length - shown.length;
  return more > 0 ? [...painted, style.dim(`${style.symbols.ellipsis} ${more} more lines`)] : painted;
}

function paint(line: string, inHunk: boolean, style: Style): string {
  if (!inHunk && /^(---|\+\+\+) /.test(line)) return style.bold(line);
  if (line.startsWith('@@')) return style.cyan(line);
  if (line.startsWith('+')) return style.green(line);
  if (line.startsWith('-')) return style.red(line);
  return line.startsWith('\\') ? style.dim(line) : line;
}
