import type { ConnectionDefaults } from '../inventory/target.ts';
import type { Counts, Event, Status } from '../model/event.ts';
import type { FunctionContext } from '../model/function-context.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import type { Module } from '../model/module.ts';
import type { Task } from '../model/playbook.ts';
import type { StateGuard } from '../model/saved-plan.ts';
import type { SchemaIssue } from '../model/schema-issue.ts';
import type { Target } from '../model/transport.ts';
import type { Value } from '../model/value.ts';
import type { Plan, PlannedTask } from '../plan/planned.ts';
import type { Problem } from '../problems/problem.ts';
import type { Files } from '../render/files.ts';
import type { Item } from '../render/render-group.ts';
import type { HostValues } from '../render/scope.ts';
import type { Secrets } from '../secrets/registry.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import type { Frame } from './cursor.ts';
import type { Link } from './link.ts';
import type { ItemResult } from './outcome.ts';
import type { Slots } from './slots.ts';

/** An event without its time, which is added where it is sent. */
export type EventBody = Event extends infer E ? (E extends { t: number } ? Omit<E, 't'> : never) : never;

/** A step of a host that has ended, and what is known of it. */
export interface ConcludedStep {
  host: string;
  item: Item;
  result: ItemResult;
}

/** What a saved plan says about the steps of a run. */
export interface PlanBinding {
  /** Why a step must not run; undefined: it may. */
  refusal(host: string, item: Item): Problem | undefined;
  /** What the host has to see before it changes anything. */
  guard(host: string, item: Item): StateGuard | undefined;
}

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
  /** What `emit` hides. Whoever learns a secret adds it. */
  secrets: Secrets;
  /** Wants to know what became of each step: of a check run that is saved as a plan. */
  concluded?(step: ConcludedStep): void;
  /** The saved plan that the run is held to. */
  binding?: PlanBinding;
  /** A check that finds something to change says so by its exit code. */
  detailedExit: boolean;
  /** Resolves when all events so far are on disk. Throws ProblemError when they cannot be. */
  durable(): Promise<void>;
  validator(module: Module): (value: unknown) => SchemaIssue[];
  /** Every host that the inventory knows, made on first use: also the target of delegation. `defaults`: how the play at work reaches hosts. */
  hostRun(name: string, defaults?: ConnectionDefaults): HostRun;
  /** One more way to a host, beside the one that it has; who asks for it closes it. */
  spareLink(host: HostRun): Link;
  /** Those made so far. */
  hosts: ReadonlyMap<string, HostRun>;
  now(): number;
  /** What functions of templates and expressions may ask about the run of a host. */
  functionContext(host: string): FunctionContext;
  sleep(ms: number): Promise<void>;
  env: Record<string, string>;
  /** 1-based line of an offset in a file that was read. */
  lineOf(file: string, offset: number): number;
  /** Set by the first interrupt: nothing new is started. */
  stopping: AbortSignal;
  /** The exit code that an interrupt leads to; undefined when there was none. */
  interruptExit(): number | undefined;
  /** What tasks have asked of the whole run. */
  asked: {
    /** It is to end, with this code where nothing is wrong. */
    exit?: number;
  };
  /** With `--step`: whether a task is to run; asked once for all hosts. */
  chosen?(task: Task): Promise<boolean>;
  ask?: (question: string, options: { echo: boolean }) => Promise<string>;
}

/** How a host stands: once it is not `live` it gets no more tasks; when it has `ended`, none of this play. */
export type HostState = 'live' | 'ended' | 'failed' | 'unreachable' | 'unknown' | 'cancelled';

/** A handler, and the role from which it was notified. */
export interface Notified {
  handler: PlannedTask;
  frame?: Frame;
}

/** One host through the whole run. */
export interface HostRun {
  host: Host;
  values: HostValues;
  link: Link;
  /** What the link leads to. */
  target: Target;
  /** How many hosts work at the same time, this one among them. */
  slots: Slots;
  /** All ways in which it has been reached so far. */
  links: Map<string, Link>;
  address: string;
  /** Whom the connection logs in as, when the inventory says so. */
  user: string | undefined;
  become: { enabled: boolean; user: string } | undefined;
  becomePassword: string | undefined;
  state: HostState;
  /** In check mode: tasks so far that would change something or are unknown. */
  causes: Set<string>;
  /** Handlers that are notified and have not run, by the id of their step. */
  notified: Map<string, Notified>;
  /** In check mode: handlers that run if a task changes something of which that is not known, with that task's name. */
  maybeNotified: Map<string, Notified & { cause: string }>;
  counts: Counts;
  /** Exit codes of what went wrong here. */
  exits: Set<number>;
  builtin: Record<string, () => Value>;
  /** What modules keep for the host until the run ends. */
  kept: Map<string, unknown>;
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
