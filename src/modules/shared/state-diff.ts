import type { Fields, Value } from '../../model/value.ts';
import { unifiedDiff } from '../../util/unified-diff.ts';
import { showValue } from './show-value.ts';

/** What `--diff` shows of a thing with fields: `undefined` where there is none. Empty when nothing differs. */
export function stateDiff(path: string, before: Fields | undefined, after: Fields | undefined): Promise<string> {
  return unifiedDiff({ path, before: before && lines(before), after: after && lines(after) });
}

function lines(fields: Fields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${oneLine(value)}\n`)
    .join('');
}

function oneLine(value: Value): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : showValue(value);
  return text.includes('\n') ? `|\n  ${text.replaceAll('\n', '\n  ')}` : text;
}
