import type { Said } from './log.ts';
import type { Outstanding } from './transport.ts';
import type { Fields, Value } from './value.ts';

/**
 * How a step ended. `unknown` = it may have run (the connection went), or in check mode: it depends on something not run. Never shown as ok.
 */
export type Status = 'ok' | 'changed' | 'would-change' | 'unknown' | 'skipped' | 'failed' | 'unreachable' | 'cancelled';

/** Names one step for people: stable id, task name, module, the loop item's label. */
export interface StepRef {
  host: string;
  /** `0/3` or, for a loop item, `0/3/item.2`. */
  step: string;
  task: string;
  module: string;
  label?: string;
  handler?: boolean;
}

/** A mistake or fault in words that are ready to print. */
export interface Failure {
  code: string;
  message: string;
  hint?: string;
  /** The message says all that the step printed, which need not be read twice. */
  quotesOutput?: boolean;
}

/** Everything that happens in a run, in order. Reporters and the journal consume this and nothing else. `t` = milliseconds since the epoch. */
export type Event = { t: number } & (
  | {
      type: 'run-start';
      run: string;
      playbook: string;
      name: string;
      hosts: string[];
      check: boolean;
      diff: boolean;
      argv: string[];
    }
  /** What resume will need: sha256 of every file read, the recorded inventory. */
  | { type: 'inputs'; files: Record<string, string>; inventory: Fields }
  /** `names`: those of its tasks and handlers as they are written, by step id. */
  | { type: 'play-start'; play: number; name: string; hosts: string[]; tasks: number; names: Record<string, string> }
  | { type: 'host-connecting'; host: string }
  | { type: 'host-connected'; host: string; ms: number }
  | ({ type: 'host-unreachable'; host: string } & { failure: Failure })
  /** A window of steps is about to be sent; durable before it is. */
  | { type: 'intent'; host: string; steps: string[] }
  | ({ type: 'step-start' } & StepRef)
  | { type: 'step-output'; host: string; step: string; stream: 'stdout' | 'stderr'; data: Buffer }
  | ({ type: 'step-end'; status: Status; ms: number } & StepRef & StepDetail)
  | { type: 'step-retry'; host: string; step: string; attempt: number; of: number; delay: number }
  /** Facts as gathered. */
  | { type: 'facts'; host: string; facts: Fields }
  /** `masked`: a secret was in it, or its task says no_log, so what is recorded is not the value. */
  | { type: 'register'; host: string; name: string; value: Value; kind: 'register' | 'set_fact'; masked?: true }
  /** Handlers of this host that are notified and have not run yet; sent whenever the list changes. */
  | { type: 'pending-handlers'; host: string; handlers: string[] }
  /** A service runs something for us, whether we are there or not; or has ended it. */
  | ({ type: 'command' } & Outstanding)
  | { type: 'note'; host?: string; message: string }
  | { type: 'host-end'; host: string; counts: Counts }
  | { type: 'play-end'; play: number }
  | { type: 'run-end'; exit: number; ms: number; counts: Record<string, Counts>; interrupted: boolean }
);

/** What a step's end says beside its status. */
export interface StepDetail {
  rc?: number;
  /** Kept output: whole up to a limit, then head, tail and the byte count. */
  stdout?: string;
  stderr?: string;
  stdoutBytes?: number;
  stderrBytes?: number;
  /** Unified diff, or two short texts of managed state. */
  diff?: string;
  failure?: Failure;
  /** What a task has said for the log. */
  log?: Said;
  /** Text for people: debug's message, why it is unknown or skipped. */
  message?: string;
  ignored?: boolean;
  /** It failed, and a `rescue` took over. */
  rescued?: boolean;
  attempts?: number;
  /** Output of a process that outlived an earlier step may be mixed in. */
  foreignOutput?: boolean;
  /** `file:line` of the task. */
  source?: string;
}

/** How many steps of a host ended how. */
export type Counts = Record<Status, number>;

/** Consumes events. `close` resolves when everything is written. */
export interface Reporter {
  on(event: Event): void;
  close?(): Promise<void>;
}
