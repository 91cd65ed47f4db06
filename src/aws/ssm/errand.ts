import type { Outstanding } from '../../model/transport.ts';
import type { Problem } from '../../problems/problem.ts';

/** A script for one instance. */
export interface Order {
  host: string;
  instance: string;
  /** By which the answer of the script is known. */
  id: string;
  /** Orders with the same key have the same script and settings, and go together. */
  key: string;
  script: string;
  /** Seconds. */
  deliveryTimeout: number;
  executionTimeout: number;
  /** At most so many at once; undefined: all. */
  atOnce?: number | undefined;
  /** Percentage that may fail before the others are left out; undefined: all. */
  mayFail?: number | undefined;
  /** The run, for those who look at the list of commands. */
  run?: string | undefined;
  /** Set when the hosts of this order may be reached by a tag: as soon as so many of them are together. */
  tag?: { name: string; hosts: number } | undefined;
  note: (message: string) => void;
  /** Told of commands that do something. */
  outstanding?: ((command: Outstanding) => void) | undefined;
}

/** What came of an order. */
export type Verdict =
  /** The output holds a whole answer to the script. */
  { kind: 'answered'; output: string } | { kind: 'refused'; problem: Problem } | { kind: 'lost'; reason: string };

/** An order under way. */
export interface Errand {
  order: Order;
  settle(verdict: Verdict): void;
  verdict: Promise<Verdict>;
  /** It has been called off; nobody waits for its verdict. */
  isCalledOff: boolean;
  /** It is on its way to AWS, or there. */
  isSent: boolean;
  /** The command that carries it, once AWS has said so. */
  command?: SentCommand;
  /** It was seen to run. */
  hasBegun: boolean;
  /** Looks at an end that had no answer (yet). */
  blanks: number;
}

/** A command that AWS has taken. */
export interface SentCommand {
  id: string;
  sentAt: number;
  /** When something was last seen to begin or to end. */
  movedAt: number;
  /** Some wait for their turn, as at most so many may run at once. */
  isQueued: boolean;
  /** By instance, those whose end has not been seen. */
  waiting: Map<string, Errand>;
  /** One of its orders, for what all of them share. */
  first: Order;
  /** Of a command that went by a tag: the instances that were meant. */
  tagged?: ReadonlySet<string>;
  /** What is to be called off. */
  leaving: Errand[];
  /** Hosts whose end was seen and has not been told yet. */
  ended: string[];
  /** Aborted when nobody waits any more. */
  idle: AbortController;
}
