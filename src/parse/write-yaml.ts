import { stringify } from 'yaml';
import type { Value } from '../model/value.ts';

/** Plain data as YAML 1.2 text, two spaces a level, long text not folded; ends with a newline. */
export function writeYaml(value: Value): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, nullStr: 'null' });
}
