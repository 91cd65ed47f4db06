import type { SendCommandRequest } from '@aws-sdk/client-ssm';
import type { Outcome, Running } from './agent.ts';

/**
 * What the status of an invocation is in detail, spelled as the filters of ListCommandInvocations have it (API reference, CommandFilter).
 * The words are those of "Understanding command statuses",
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html, as are the rules about them below.
 */
export type Detail =
  | 'Pending'
  | 'InProgress'
  | 'Delayed'
  | 'Success'
  | 'DeliveryTimedOut'
  | 'ExecutionTimedOut'
  | 'Failed'
  | 'Cancelling'
  | 'Cancelled'
  | 'Undeliverable'
  | 'Terminated'
  | 'InvalidPlatform'
  | 'AccessDenied';

/** A command on one instance. */
export interface Invocation {
  command: Command;
  instanceId: string;
  /** Changed by `turn` alone. */
  readonly detail: Detail;
  /** Whether it takes one of the places of MaxConcurrency, or has. */
  sent: boolean;
  startedAt?: number;
  endedAt?: number;
  outcome?: Outcome;
  running?: Running;
  /** Reads that were answered with "does not exist". */
  missed: number;
}

export interface Command {
  id: string;
  region: string;
  request: SendCommandRequest;
  at: number;
  script: string;
  workingDirectory: string;
  /** Seconds. */
  executionTimeout: number;
  deliveryTimeout: number;
  maxConcurrency: number;
  maxErrors: number;
  invocations: Map<string, Invocation>;
  /** How many are in each state. */
  counts: Map<Detail, number>;
  /** Those that have not been sent yet, from `next` on. */
  queue: Invocation[];
  next: number;
  /** How many are out, and how many have ended with an error that counts. */
  out: number;
  errors: number;
  cancelled: boolean;
  /** Said of a command that never had an invocation. */
  empty?: 'NoInstancesInTag' | 'RateExceeded';
}

/** Gives an invocation another state. */
export function turn(invocation: Invocation, detail: Detail): void {
  const { counts } = invocation.command;
  counts.set(invocation.detail, (counts.get(invocation.detail) ?? 0) - 1);
  counts.set(detail, (counts.get(detail) ?? 0) + 1);
  (invocation as { detail: Detail }).detail = detail;
}

const terminal: ReadonlySet<Detail> = new Set([
  'Success',
  'DeliveryTimedOut',
  'ExecutionTimedOut',
  'Failed',
  'Cancelled',
  'Undeliverable',
  'Terminated',
  'InvalidPlatform',
  'AccessDenied',
]);

export function isOver({ detail }: Invocation): boolean {
  return terminal.has(detail);
}

/** "Failures and execution timeouts count against MaxErrors"; delivery timeouts and what cannot be delivered do not. */
export function countsAsError(detail: Detail): boolean {
  return (
    detail === 'Failed' || detail === 'ExecutionTimedOut' || detail === 'InvalidPlatform' || detail === 'AccessDenied'
  );
}

/** The short status: what cannot be delivered is `Failed`, what the system has stopped is `Cancelled`. */
export function statusOf(detail: Detail): string {
  if (detail === 'DeliveryTimedOut' || detail === 'ExecutionTimedOut') return 'TimedOut';
  if (detail === 'Undeliverable' || detail === 'InvalidPlatform' || detail === 'AccessDenied') return 'Failed';
  return detail === 'Terminated' ? 'Cancelled' : detail;
}

/** "The error level response code of the plugin script; -1 if it has not started or was not received" (GetCommandInvocation). */
export function responseCode({ outcome }: Invocation): number {
  return outcome?.code ?? -1;
}

/** Counts and status of a command as a whole. */
export interface Totals {
  targets: number;
  completed: number;
  errors: number;
  deliveryTimedOut: number;
  status: string;
  detail: string;
}

export function totals(command: Command): Totals {
  const { counts } = command;
  const count = (...details: Detail[]): number => details.reduce((sum, detail) => sum + (counts.get(detail) ?? 0), 0);
  const targets = command.invocations.size;
  return {
    targets,
    completed: count(...terminal),
    // "ErrorCount: targets whose status is Failed or Execution Timed Out" (Command).
    errors: count('Failed', 'ExecutionTimedOut'),
    deliveryTimedOut: count('DeliveryTimedOut'),
    ...asWhole(command, { targets, count }),
  };
}

/** The table "Command status details when using the parameters max-concurrency and max-errors" of the page above. */
function asWhole(
  { maxErrors, cancelled, empty }: Command,
  { targets, count }: { targets: number; count: (...details: Detail[]) => number },
): { status: string; detail: string } {
  // "The system has canceled the command before running it on any managed node."
  if (empty) return { status: empty === 'RateExceeded' ? 'Cancelled' : 'Success', detail: empty };
  if (count(...terminal) < targets) {
    if (cancelled) return { status: 'Cancelling', detail: 'Cancelling' };
    return count('Pending') === targets
      ? { status: 'Pending', detail: 'Pending' }
      : { status: 'InProgress', detail: 'InProgress' };
  }
  if (cancelled) return { status: 'Cancelled', detail: 'Cancelled' };
  const failed = count('Failed', 'InvalidPlatform', 'AccessDenied');
  if (failed + count('ExecutionTimedOut') > maxErrors) {
    return failed > 0 ? { status: 'Failed', detail: 'Failed' } : { status: 'TimedOut', detail: 'ExecutionTimedOut' };
  }
  if (count('DeliveryTimedOut') > maxErrors) return { status: 'TimedOut', detail: 'DeliveryTimedOut' };
  // "Undeliverable does not contribute to whether the status of the command is Success or Incomplete."
  if (count('Success') + count('Undeliverable') < targets) return { status: 'Failed', detail: 'Incomplete' };
  return { status: 'Success', detail: 'Success' };
}
