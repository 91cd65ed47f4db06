import { FunctionError } from './function.ts';

/** More characters than any line should have; a typo must not fill the memory. */
const WIDEST = 100_000;
/** What a text lacks to a width. */
export function padding(text: string, width: number, fill: string): string {
  if (fill === '') throw new FunctionError('fill is empty');
  if (width > WIDEST) throw new FunctionError(`width is at most ${WIDEST}`);
  const missing = Math.max(0, width - [...text].length);
  const characters = [...fill];
  return Array.from({ length: missing }, (_, i) => characters[i % characters.length]).join('');
}
