import type { Where } from '../problems/words/analyze.ts';

/** Whether a name stands in text, as `{{name}}`, or in an expression: in a condition or in `{{= …}}`. */
export function whereIn(source: string | undefined, offset: number): Where {
  const before = source?.slice(Math.max(0, offset - 500), offset) ?? '';
  const open = before.lastIndexOf('{{');
  if (open < 0 || before.indexOf('}}', open) >= 0) return 'expression';
  return /^\{\{\{?~?\s*(?:#\s*\w+|else\s+\w+)?\s*=/.test(before.slice(open)) ? 'expression' : 'text';
}
