import type { Value } from '../model/value.ts';
import { isFields } from './context.ts';
import { shortened } from './describe.ts';

/** What stands at a path, or undefined. */
export function valueAt(root: Value, path: readonly (string | number)[]): Value | undefined {
  let value: Value | undefined = root;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else if (isFields(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

/** A path as people write it: `headers.accept`, `rules[2].port`. */
export function pathText(path: readonly (string | number)[]): string {
  const steps = path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index > 0 ? `.${step}` : step));
  return shortened(steps.join(''), 80);
}
