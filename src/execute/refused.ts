import type { ItemResult } from './outcome.ts';

/** A saved plan does not allow it. */
export function isRefused({ problem: fault }: ItemResult): boolean {
  return fault?.code.startsWith('E_PLAN_') ?? false;
}
