import type { Fields, Value } from '../model/value.ts';
import { MARK, type Secrets } from './registry.ts';

/** What an expression or a helper gave, what it was asked, and the values that it read. */
export interface Derivation {
  result: Value;
  source: string;
  inputs: readonly Value[];
}

/**
 * The texts of a result that are made from a secret and would not be recognized: a hash, the first half, capitals. What still holds the
 * secret as it is (`postgres://app:SECRET@db`) is masked there; and words that stand in the expression, or beside the secret in what
 * was read, are no secrets: `{{json settings}}` hides the password in it and not the port.
 */
export function derivedSecrets(
  { result, source, inputs }: Derivation,
  secrets: Pick<Secrets, 'mask' | 'maskValue'>,
): string[] {
  const open = inputs.map((input) => secrets.maskValue(input));
  if (open.every((input, i) => input === inputs[i])) return [];
  const innocent = `${secrets.mask(source)}\n${open.map((input) => texts(input, true).join('\n')).join('\n')}`;
  return texts(result, false).filter((text) =>
    secrets
      .mask(text)
      .replaceAll(MARK, ' ')
      .split(BETWEEN)
      .some((word) => word !== '' && !innocent.includes(word)),
  );
}

/** What stands between words in text, JSON, YAML and addresses. */
const BETWEEN = /[\s"'`{}[\](),:;=\\/@&?#|<>]+/;

function texts(value: Value, keys: boolean): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return keys ? [String(value)] : [];
  const below = Object.values(value as Fields).flatMap((item) => texts(item, keys));
  return keys ? [...Object.keys(value), ...below] : below;
}
