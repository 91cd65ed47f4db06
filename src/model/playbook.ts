import type { Level } from './log.ts';
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

/** What can be said on a play, a block, an include or a role, and is inherited by the tasks in it; a task's own word wins. */
export interface Inherited {
  become?: Become;
  /** Its own and those of everything around it. */
  tags: string[];
  vars?: Located<Fields>;
  /** Environment variables for author code, those from around it included. Values may hold templates. */
  env?: Located<Fields>;
  /** Nothing of what a task reads, prints or gives is shown or recorded. */
  noLog?: boolean;
}

/** How the output of a task is read into data. */
export interface Parsing {
  as: 'json' | 'ndjson' | 'yaml' | 'yaml_all' | 'csv' | 'kv' | 'table' | 'lines' | 'regex';
  /** What is said about `csv` (delimiter, header), `kv` (separator) and `table` (aligned, skip, columns). */
  options?: Fields;
  /** Of `regex`. */
  pattern?: Located<string>;
}

/** How a loop goes, and what it calls its items. */
export interface LoopControl {
  label?: Located<string>;
  /** Names for the item and its number instead of `item` and `index`. */
  loopVar?: string;
  indexVar?: string;
  /** Milliseconds between two items. */
  pause?: number;
  /** So many items at a time. */
  parallel?: number;
  /** The first item that fails ends the loop. */
  stopOnError: boolean;
}

/** Something that is done under conditions and perhaps for each item of a list. */
interface Conditional {
  /** Stable path with indexes, never values: `0/3` = first play, fourth task; `0/3/1`, `0/3/rescue/0`, `0/handlers/1`. */
  id: string;
  /** As written, or made up from what it does when the author gave none. May hold a template. */
  name: string;
  when: Condition[];
  /** A list, or a string: a CEL expression that gives one. */
  loop?: Located<Value[] | string>;
  loopControl: LoopControl;
  register?: string;
  /** Locates any key of its own mapping. */
  source: Located<Fields>;
}

/** One step of a play: a module, its arguments and what surrounds them. */
export interface Task extends Inherited, Conditional {
  module: string;
  /** The module itself. */
  definition: Module;
  /** The module's parameters, always a mapping (a short form is expanded); strings may hold templates. */
  args: Located<Fields>;
  changedWhen: Condition[];
  failedWhen: Condition[];
  ignoreErrors: boolean;
  until: Condition[];
  retry?: Retry;
  notify: string[];
  /** Of a handler: other names by which it is notified. */
  listen: string[];
  delegateTo?: Located<string>;
  cwd?: Located<string>;
  /** Milliseconds that author code or an apply may take on the host. */
  timeout?: number;
  /** The work goes on after the task, for at most so many milliseconds. */
  background?: { limit: number };
  /** What it prints is read so: `data` of its result. */
  parse?: Parsing;
  /** `false`: runs for real in check mode too, because it only reads. */
  checkMode?: boolean;
  /** All live hosts of the play pass the task before, before any runs this one. */
  barrier: boolean;
  /** Runs on one host for all: once in every batch of hosts, or once in the play. */
  runOnce?: 'batch' | 'play';
  /** At most so many hosts at the same time. */
  throttle?: number;
}

/** Tasks that belong together: written as a block, or in a file or a role that is used here. */
export interface Block extends Conditional {
  kind: 'block' | 'include' | 'role';
  vars?: Located<Fields>;
  /** What it is given, by name: stronger than any variable of the same name. */
  with?: Located<Fields>;
  /** The name of the file or role when it holds a template: one body for each that may be meant. */
  choice?: Located<string>;
  bodies: Body[];
  /** What is done when a task of the body fails, or its host cannot be reached. */
  rescue: Node[];
  /** What is done in the end, whatever has happened. */
  always: Node[];
}

/** The tasks of a block, or of one file or role. */
export interface Body {
  /** The file or the role, as the author names it. */
  name: string;
  nodes: Node[];
  handlers: Task[];
  role?: Role;
}

/** What a role brings along beside its tasks. */
export interface Role {
  name: string;
  /** Its folder, as shown to people. */
  dir: string;
  description?: string;
  /** Declarations of what `with` may give, by name. */
  params?: Located<Fields>;
  /** Values that anything else outdoes. */
  defaults?: Located<Fields>;
  vars?: Located<Fields>;
  /** What its caller's `register` gets, by name; may hold templates that see what the role sees. */
  outputs?: Located<Fields>;
}

/** A task, or several that belong together. */
export type Node = Task | Block;

/** Whether a node is a block, an include or a role. */
export function isBlock(node: Node): node is Block {
  return 'bodies' in node;
}

/** In what order the hosts of a play are taken. */
export type HostOrder = 'inventory' | 'reverse_inventory' | 'sorted' | 'reverse_sorted' | 'shuffle';

/** A number of hosts, or so many percent of them. */
export type BatchSize = { hosts: number } | { percent: number };

/** A set of hosts and what to do on them. */
export interface Play extends Inherited {
  index: number;
  name: string;
  /** Files with variables, which win over `vars`; names may hold templates of parameters and the like. */
  varsFiles: Located<string>[];
  /** Host pattern, Ansible's syntax. */
  hosts: Located<string>;
  nodes: Node[];
  handlers: Task[];
  strategy: 'free' | 'linear';
  /** Sizes of the batches of hosts, one after another, the last one again and again; empty: all at once. */
  serial: BatchSize[];
  /** More failed hosts of a batch than this end the play. */
  maxFailPercentage?: number;
  /** The first host that fails ends the play for all. */
  anyErrorsFatal: boolean;
  /** Handlers that were notified run on a host that has failed, too. */
  forceHandlers: boolean;
  /** Milliseconds between two batches. */
  pause?: number;
  order: HostOrder;
  /** Connection settings for hosts that have none of their own. */
  connection?: 'local' | 'ssh';
  port?: number;
  remoteUser?: string;
}

/** When a report is sent: a run that failed, one that changed something (or would), every run. */
export const occasions = ['failure', 'change', 'always'] as const;
export type Occasion = (typeof occasions)[number];

/** What is told about a run that has ended, and to whom. Texts may hold templates. */
export interface Report {
  on: Occasion[];
  /** Parameters of the module `mail`. */
  mail?: Located<Fields>;
  /** `url`, `format`, `headers`, `timeout`, `ca`, `verify`. */
  webhook?: Located<Fields>;
}

/** Where records of a run go. Texts may hold templates. */
export interface Logging {
  /** The least level of sinks that do not say another. */
  level?: Level;
  /** `path`, `format`, `level`, `rotate: { size, age, keep }`. */
  file: Located<Fields>[];
  /** `to`, `facility`, `app`, `level`. */
  syslog: Located<Fields>[];
  /** `url`, `headers`, `timeout`, `ca`, `verify`, `level`. */
  webhook: Located<Fields>[];
}

/** A parsed, schema-valid playbook file. */
export interface Playbook {
  file: string;
  name: string;
  /** Declarations of parameters, as written: see params/declarations.ts. */
  params?: Located<Fields>;
  vars?: Located<Fields>;
  /** Those of the plays below, where the file has commands. */
  commands?: { name: string; help?: string }[];
  reports: Report[];
  logging?: Logging;
  plays: Play[];
}
