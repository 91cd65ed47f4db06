import { createHash } from 'node:crypto';
import type { SavedPlan } from '../model/saved-plan.ts';
import type { Value } from '../model/value.ts';

/** sha256 of a text behind a salt, as the host computes it too: with a newline between them. */
export function saltedHash(salt: string, text: string): string {
  return createHash('sha256').update(`${salt}\n${text}`).digest('hex');
}

/** The same of a value, whatever the order of its keys. */
export function valueHash(salt: string, value: Value): string {
  return saltedHash(salt, JSON.stringify(sorted(value)));
}

/** sha256 of all of a plan but its seal. No protection from whoever wants to forge one: a guard against careless edits. */
export function sealOf({ seal: _, ...rest }: SavedPlan): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(rest as unknown as Value)))
    .digest('hex');
}

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as { [key: string]: Value }).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
