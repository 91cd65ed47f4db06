import { stringify } from 'yaml';
import type { Value } from '../../model/value.ts';

/** A value as YAML text, lines as long as they are. Ends with a newline. */
export function yamlText(value: Value): string {
  return stringify(value, { lineWidth: 0, singleQuote: true });
}
