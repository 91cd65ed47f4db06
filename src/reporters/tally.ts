import type { Event, Failure, Status } from '../model/event.ts';

type StepEnd = Extract<Event, { type: 'step-end' }>;
type RunStart = Extract<Event, { type: 'run-start' }>;
type RunEnd = Extract<Event, { type: 'run-end' }>;

/** One thing that went wrong, on every host where it went wrong the same way. */
export interface Trouble {
  status: Status;
  hosts: string[];
  /** The step as it ended on the first of the hosts; absent when the host itself was out of reach. */
  step?: StepEnd;
  failure?: Failure;
}

/** What a summary says about a run. */
export interface Tally {
  start?: RunStart;
  end?: RunEnd;
  troubles: Trouble[];
  /** Counted from the steps themselves, hosts without any included; in the order of the inventory. */
  counts: Map<string, HostCounts>;
  /** The slowest run of each task. */
  slowest: Map<string, StepEnd>;
  /** Handlers that were notified and did not run, by host. */
  pending: Map<string, string[]>;
}

/** How a step ended for people: a failure that the author lets pass, or makes good, is no failure. */
export type Ending = Status | 'ignored' | 'rescued';

/** How many steps of a host ended how. */
export type HostCounts = Record<Ending, number>;

function noCounts(): HostCounts {
  const zero = { ok: 0, changed: 0, skipped: 0, failed: 0, unreachable: 0, cancelled: 0 };
  return { ...zero, 'would-change': 0, unknown: 0, ignored: 0, rescued: 0 };
}

/** Collects from events what the summary will say. */
export function createTally(): { on(event: Event): void; tally: Tally } {
  const tally: Tally = { troubles: [], counts: new Map(), slowest: new Map(), pending: new Map() };
  const known = new Map<string, Trouble>();

  function count(host: string, status: Ending): void {
    const counts = tally.counts.get(host) ?? noCounts();
    counts[status] += 1;
    tally.counts.set(host, counts);
  }

  function trouble(key: string, host: string, make: () => Omit<Trouble, 'hosts'>): void {
    const same = known.get(key);
    if (same) same.hosts.push(host);
    else {
      const made = { ...make(), hosts: [host] };
      known.set(key, made);
      tally.troubles.push(made);
    }
  }

  function stepEnded(event: StepEnd): void {
    count(event.host, endingOf(event));
    const slowest = tally.slowest.get(taskId(event.step));
    if (!slowest || slowest.ms < event.ms) tally.slowest.set(taskId(event.step), event);
    if (!isTrouble(event, tally.start?.check ?? false)) return;
    const key = [event.step, event.status, event.failure?.message ?? event.message].join('\0');
    trouble(key, event.host, () => ({
      status: event.status,
      step: event,
      ...(event.failure && { failure: event.failure }),
    }));
  }

  return {
    tally,
    on(event) {
      if (event.type === 'run-start') {
        tally.start = event;
        for (const host of event.hosts) {
          tally.counts.set(host, noCounts());
          tally.pending.set(host, []);
        }
      } else if (event.type === 'step-end') stepEnded(event);
      else if (event.type === 'host-unreachable') {
        count(event.host, 'unreachable');
        const { failure } = event;
        trouble(`\0${failure.message}`, event.host, () => ({ status: 'unreachable', failure }));
      } else if (event.type === 'pending-handlers') tally.pending.set(event.host, event.handlers);
      else if (event.type === 'run-end') {
        tally.end = event;
        const order = new Map([...tally.counts.keys()].map((host, i) => [host, i]));
        for (const { hosts } of tally.troubles) hosts.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
      }
    },
  };
}

/** Whether a step's end is something a person must hear about: it failed, or nobody knows whether it ran. */
export function isTrouble(event: StepEnd, check: boolean): boolean {
  if (event.ignored || event.rescued) return false;
  return event.status === 'failed' || event.status === 'unreachable' || (event.status === 'unknown' && !check);
}

function endingOf({ status, ignored, rescued }: StepEnd): Ending {
  if (status !== 'failed') return status;
  return ignored ? 'ignored' : rescued ? 'rescued' : 'failed';
}

/** The task of a step: items of a loop belong to one. */
export function taskId(step: string): string {
  return step.replaceAll(/\/item\.\d+/g, '');
}
