import type { Module } from './module.ts';
import type { Located, Span } from './span.ts';
import type { Fields, Value } from './value.ts';

/** A CEL condition as written, with its place. A list of conditions means all of them. */
export interface Condition {
  text: string;
  /** Span of the expression text itself (quotes excluded), so that a CEL range can be added to its start. */
  at: Span;
}

/** Who a task runs as. */
export interface Become {
  enabled: boolean;
  /** Target user, `root` when not said. May hold a template. */
  user: string;
}

/** How often a task is tried again, and how long it waits in between; times in milliseconds. */
export interface Retry {
  attempts: number;
  delay: number;
  backoff: number;
  maxDelay: number;
}

/** What can be said on a play and is inherited by its tasks; a task's own word wins. */
export interface Inherited {
  become?: Become;
  tags: string[];
  vars?: Located<Fields>;
  /** Environment variables for author code. Values may hold templates. */
  env?: Located<Fields>;
}

/** One step of a play: a module, its arguments and what surrounds them. */
export interface Task extends Inherited {
  /** Stable path with indexes, never values: `0/3` = first play, fourth task; `0/handlers/1`. */
  id: string;
  /** As written, or the module and its most telling argument when the author gave none. May hold a template. */
  name: string;
  module: string;
  /** The module itself. */
  definition: Module;
  /** The module's parameters, always a mapping (a short form is expanded); strings may hold templates. */
  args: Located<Fields>;
  when: Condition[];
  /** A list, or a string: a CEL expression that gives one. */
  loop?: Located<Value[] | string>;
  loopLabel?: Located<string>;
  register?: string;
  changedWhen: Condition[];
  failedWhen: Condition[];
  ignoreErrors: boolean;
  until: Condition[];
  retry?: Retry;
  notify: string[];
  delegateTo?: Located<string>;
  cwd?: Located<string>;
  /** Milliseconds that author code or an apply may take on the host. */
  timeout?: number;
  /** `false`: runs for real in check mode too, because it only reads. */
  checkMode?: boolean;
  /** All live hosts of the play pass the task before, before any runs this one. */
  barrier: boolean;
  /** Locates any key of the task's own mapping. */
  source: Located<Fields>;
}

/** A set of hosts and what to do on them. */
export interface Play extends Inherited {
  index: number;
  name: string;
  /** Host pattern, Ansible's syntax. */
  hosts: Located<string>;
  tasks: Task[];
  handlers: Task[];
  strategy: 'free' | 'linear';
}

/** A parsed, schema-valid playbook file. */
export interface Playbook {
  file: string;
  name: string;
  vars?: Located<Fields>;
  plays: Play[];
}
