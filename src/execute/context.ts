import type { Counts, Event, Status } from '../model/event.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import type { Module } from '../model/module.ts';
import type { SchemaIssue } from '../model/schema-issue.ts';
import type { Value } from '../model/value.ts';
import type { Plan } from '../plan/planned.ts';
import type { Files } from '../render/files.ts';
import type { HostValues } from '../render/scope.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import type { Link } from './link.ts';
import type { Slots } from './slots.ts';

/** An event without its time, which is added where it is sent. */
export type EventBody = Event extends infer E ? (E extends { t: number } ? Omit<E, 't'> : never) : never;

/** What the whole run shares. */
export interface RunContext {
  id: string;
  plan: Plan;
  inventory: Inventory;
  check: boolean;
  diff: boolean;
  compiler: TextCompiler;
  files: Files;
  emit(event: EventBody): void;
  /** Resolves when all events so far are on disk. Throws ProblemError when they cannot be. */
  durable(): Promise<void>;
  validator(module: Module): (value: unknown) => SchemaIssue[];
  /** Every host that the inventory knows, made on first use: also the target of delegation. */
  hostRun(name: string): HostRun;
  /** Those made so far. */
  hosts: ReadonlyMap<string, HostRun>;
  /** How many hosts work at the same time. */
  slots: Slots;
  now(): number;
  sleep(ms: number): Promise<void>;
  env: Record<string, string>;
  /** 1-based line of an offset in a file that was read. */
  lineOf(file: string, offset: number): number;
  /** Set by the first interrupt: nothing new is started. */
  stopping: AbortSignal;
  /** The exit code that an interrupt leads to; undefined when there was none. */
  interruptExit(): number | undefined;
  ask?: (question: string, options: { echo: boolean }) => Promise<string>;
}

/** How a host stands: once it is not `live` it gets no more tasks. */
export type HostState = 'live' | 'failed' | 'unreachable' | 'unknown' | 'cancelled';

/** One host through the whole run. */
export interface HostRun {
  host: Host;
  values: HostValues;
  link: Link;
  address: string;
  /** Whom the connection logs in as, when the inventory says so. */
  user: string | undefined;
  become: { enabled: boolean; user: string } | undefined;
  becomePassword: string | undefined;
  state: HostState;
  /** In check mode: tasks so far that would change something or are unknown. */
  causes: string[];
  /** Names of handlers that are notified and have not run. */
  notified: Set<string>;
  /** In check mode: handlers that run if a task changes something of which that is not known, with that task's name. */
  maybeNotified: Map<string, string>;
  counts: Counts;
  /** Exit codes of what went wrong here. */
  exits: Set<number>;
  builtin: Record<string, () => Value>;
}

/** All zero. */
export function noCounts(): Counts {
  const statuses: Status[] = [
    'ok',
    'changed',
    'would-change',
    'unknown',
    'skipped',
    'failed',
    'unreachable',
    'cancelled',
  ];
  return Object.fromEntries(statuses.map((status) => [status, 0])) as Counts;
}
