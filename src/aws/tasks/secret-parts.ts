import type { Value } from '../../model/value.ts';

/**
 * Members of the JSON that services of AWS keep in secrets which are none ("JSON structure of AWS Secrets Manager secrets"): a user's name that
 * is hidden would hide the same word everywhere.
 */
const open = new Set(
  'engine host port username user dbname dbInstanceIdentifier dbClusterIdentifier masterarn'.split(' '),
);

/** What must not be shown of a secret: the whole of it, and where it is JSON the values in it. */
export function secretParts(secret: string): Value[] {
  try {
    return [secret, hidden(JSON.parse(secret) as Value)];
  } catch {
    return [secret];
  }
}

function hidden(value: Value): Value {
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !open.has(key));
  return Object.fromEntries(entries.map(([key, each]) => [key, hidden(each)]));
}
