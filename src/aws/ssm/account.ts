import { randomBytes } from 'node:crypto';
import type { AwsAccess, AwsEnv } from '../access.ts';
import { createCalls, openSsm, type SsmCalls } from './calls.ts';
import { createErrands, type Errands } from './errands.ts';
import { type Bucket, type Objects, openObjects } from './objects.ts';
import { createPlans, type Plans } from './plans.ts';
import { createRate } from './rate.ts';
import { makeSeal, type Seal } from './seal.ts';
import { createSlots, type Slots } from './slots.ts';
import type { Timing } from './timing.ts';

/** Everything that the hosts of one account and region share in a run. */
export interface Account {
  region: string;
  timing: Timing;
  errands: Errands;
  plans: Plans;
  slots: Slots;
  /** Throws ProblemError. */
  objects(bucket: Bucket): Promise<Objects>;
  seal(): Promise<Seal>;
  /** Work after a host has let go: removing what was left. */
  leftovers: Set<Promise<void>>;
}

/** Loads the SDK and makes the clients; AWS is not asked anything yet. Throws ProblemError. */
export async function openAccount(access: AwsAccess, env: AwsEnv, timing: Timing): Promise<Account> {
  const clients = await openSsm(access, env);
  const { region } = clients;
  const calls = await createCalls(clients, createRate());
  return accountOf(calls, { access: { ...access, region }, region, env, timing });
}

/** One of calls that are given: those of a client, or of a test. */
export function accountOf(
  calls: SsmCalls,
  { access, region, env, timing }: { access: AwsAccess; region: string; env: AwsEnv; timing: Timing },
): Account {
  const buckets = new Map<string, Promise<Objects>>();
  let seal: Promise<Seal> | undefined;
  return {
    region,
    timing,
    errands: createErrands({ calls, region, timing }),
    plans: createPlans(randomBytes(32)),
    slots: createSlots(),
    objects(bucket) {
      const key = JSON.stringify(bucket);
      const open = buckets.get(key) ?? openObjects(bucket, access, env);
      buckets.set(key, open);
      return open;
    },
    seal() {
      seal ??= makeSeal();
      return seal;
    },
    leftovers: new Set(),
  };
}
