import { type Problem, problem } from '../../problems/problem.ts';
import type { Invocation } from './calls.ts';

/** Who is meant in the words. */
export interface Named {
  host: string;
  instance: string;
  /** Seconds that the command might wait. */
  deliveryTimeout: number;
  /** Where the command went by a tag. */
  tag?: string;
}

/** What an invocation or a command without one has come to. */
export type Standing =
  | { kind: 'waiting' }
  | { kind: 'running' }
  | { kind: 'ended' }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'lost'; reason: string };

/**
 * The meaning of a status ("Understanding command statuses",
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html). `refused` only where it is certain that nothing ran.
 */
export function standing({ status, code, hasBegun }: Omit<Invocation, 'output'>, who: Named): Standing {
  const { host, instance } = who;
  const never = (code === undefined || code === -1) && !hasBegun;
  switch (status) {
    case '':
    case 'Pending':
    case 'Delayed':
      return { kind: 'waiting' };
    case 'InProgress':
    case 'Cancelling':
      return { kind: 'running' };
    case 'Success':
    case 'Failed':
    case 'Incomplete':
      return { kind: 'ended' };
    case 'Undeliverable':
      return { kind: 'refused', problem: problem('E_SSM_UNDELIVERABLE', { host, instance }) };
    case 'DeliveryTimedOut':
      return never
        ? { kind: 'refused', problem: lateProblem(who) }
        : {
            kind: 'lost',
            reason: 'Systems Manager has stopped waiting for a command that had begun (Delivery Timed Out)',
          };
    case 'InvalidPlatform':
      return { kind: 'refused', problem: problem('E_SSM_PLATFORM', { host, instance }) };
    case 'AccessDenied':
      return { kind: 'refused', problem: problem('E_SSM_ACCESS', { host, instance }) };
    case 'RateExceeded':
      return { kind: 'refused', problem: problem('E_SSM_PENDING_LIMIT', { host, instance }) };
    case 'NoInstancesInTag':
      return { kind: 'refused', problem: problem('E_SSM_NO_INSTANCES', { host, tag: who.tag ?? '' }) };
    case 'Terminated':
      return never
        ? { kind: 'refused', problem: problem('E_SSM_STOPPED', { host, instance }) }
        : { kind: 'lost', reason: 'Systems Manager ended the command, because too many other hosts had failed' };
    case 'Cancelled':
      return never
        ? { kind: 'refused', problem: problem('E_SSM_CANCELLED', { host, instance }) }
        : { kind: 'lost', reason: 'the command was cancelled while it ran' };
    case 'ExecutionTimedOut':
    case 'TimedOut':
      return { kind: 'lost', reason: 'the command ran longer than Systems Manager lets any (Execution Timed Out)' };
    default:
      return { kind: 'lost', reason: `Systems Manager reports ${status}, which play does not know` };
  }
}

/** Not taken within the time that the service was given. */
export function lateProblem({ host, instance, deliveryTimeout }: Named): Problem {
  return problem('E_SSM_DELIVERY', { host, instance, seconds: deliveryTimeout });
}

/** An end without an answer of ours: the shell was killed, or another document ran. */
export function withoutAnswer({ status, code, output }: Invocation): string {
  const said = output.replace(/\s+/g, ' ').trim().slice(0, 200);
  const number = code === undefined ? '' : ` with exit code ${code}`;
  return `the command ended as ${status}${number} without an answer${said === '' ? '' : `; it said: ${said}`}`;
}
