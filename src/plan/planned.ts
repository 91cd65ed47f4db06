import type { Expression, Reference } from '../expr/expression.ts';
import type { Module } from '../model/module.ts';
import type { ParamDeclaration } from '../model/param.ts';
import type { Become, Block, Body, Play, Playbook, Task } from '../model/playbook.ts';
import type { Scope } from '../model/scope.ts';
import type { Value } from '../model/value.ts';
import type { Template } from '../template/template.ts';
import type { CompiledCondition, ShellTemplate, ValueTemplate, WordsTemplate } from '../template/text-compiler.ts';
import type { JoiningNames } from './joining.ts';

/** One parameter of a task, compiled the way its module wants it. */
export type PlannedParam =
  | { name: string; kind: 'value'; template: ValueTemplate }
  | { name: string; kind: 'shell'; shell: ShellTemplate; written: Value }
  | { name: string; kind: 'words'; words: WordsTemplate; written: Value }
  | { name: string; kind: 'sql'; template: ValueTemplate; source: Value }
  | { name: string; kind: 'condition'; written: Value };

/**
 * When a text of a task is read, which decides what it sees: `loop` before there are items, `when` for each item, `name` and `label` for
 * people, `work` only where `when` holds, `after` with the task's own result.
 */
export type ReadingRole = 'loop' | 'when' | 'name' | 'label' | 'work' | 'after';

/** A text of a task that reads names. */
export interface Reading {
  role: ReadingRole;
  /** As written: tells whether parts of it are read only under a condition. */
  source: string;
  references: Reference[];
  /** Reads it as a run would, and gives what it is then. Throws what rendering throws. */
  evaluate(scope: Scope): unknown;
}

/** What a task or a block reads, and where it stands: all that looking for names needs. */
export interface PlannedReader {
  task: Pick<Task, 'id' | 'name' | 'when' | 'loop' | 'loopControl' | 'register' | 'source' | 'vars'>;
  /** What its result has. */
  module: Pick<Module, 'name' | 'result' | 'openResult'>;
  when: CompiledCondition[];
  loop?: { kind: 'list'; template: ValueTemplate } | { kind: 'expression'; expression: Expression };
  loopLabel?: Template;
  vars?: ReadonlyMap<string, ValueTemplate>;
  /** Every text that reads names; variables are read through them. */
  readings: Reading[];
  /** The body it stands in; undefined: directly in the play. */
  within?: PlannedBody;
  /** Done only after something has failed. */
  isRescue: boolean;
}

/** A task with everything in it compiled once, for all hosts. */
export interface PlannedTask extends PlannedReader {
  task: Task;
  module: Module;
  name: Template | undefined;
  params: PlannedParam[];
  /** No parameter depends on anything: they were checked while parsing. */
  isStatic: boolean;
  changedWhen: CompiledCondition[];
  failedWhen: CompiledCondition[];
  until: CompiledCondition[];
  env: ReadonlyMap<string, ValueTemplate>;
  cwd?: Template;
  delegateTo?: Template;
  become?: Become;
  /** Its own word, or that of its play. */
  noLog: boolean;
  becomeUser?: Template;
  tags: string[];
  /** The handlers that it notifies; known when the whole play is planned. */
  notifies: PlannedTask[];
}

/** A block, an include or a role. Its own variables belong to its bodies. */
export interface PlannedBlock extends PlannedReader {
  task: Block;
  name: Template | undefined;
  with: ReadonlyMap<string, ValueTemplate>;
  /** Which of the bodies is meant; undefined: the only one. */
  choice?: Template;
  bodies: PlannedBody[];
  rescue: PlannedNode[];
  always: PlannedNode[];
}

/** The tasks of a block, of a file or of a role, with what they see beside the rest. */
export interface PlannedBody {
  body: Body;
  /** What the role declares that `with` may give; undefined where it declares nothing. */
  params?: ParamDeclaration[];
  block: PlannedBlock;
  nodes: PlannedNode[];
  handlers: PlannedTask[];
  vars: ReadonlyMap<string, ValueTemplate>;
  defaults: ReadonlyMap<string, ValueTemplate>;
  outputs: ReadonlyMap<string, ValueTemplate>;
  /** What is read at its end: the outputs of a role. */
  end?: PlannedReader;
}

/** A task, or several that belong together. */
export type PlannedNode = PlannedTask | PlannedBlock;

/** Whether a node is a block, an include or a role. */
export function isPlannedBlock(node: PlannedReader): node is PlannedBlock {
  return 'bodies' in node;
}

/** Whether a reader is a task. */
export function isPlannedTask(node: PlannedReader): node is PlannedTask {
  return 'params' in node;
}

/** A play with its hosts resolved and its tasks compiled. */
export interface PlannedPlay {
  play: Play;
  hosts: string[];
  nodes: PlannedNode[];
  /** All tasks and blocks, whatever they stand in, in the order of the text; a block comes before what is in it. */
  readers: PlannedReader[];
  /** The tasks among them. */
  tasks: PlannedTask[];
  /** Tasks that `--tags` or `--skip-tags` leaves out. */
  leftOut: PlannedTask[];
  /** Handlers of the play and of every role in it. */
  handlers: PlannedTask[];
  vars: ReadonlyMap<string, ValueTemplate>;
  /** Names of the fact groups to gather when facts are first asked for; empty: all, because a computed name may ask for any. */
  factGroups: string[];
}

/** The whole run, known before any host is contacted. */
export interface Plan {
  playbook: Playbook;
  plays: PlannedPlay[];
  vars: ReadonlyMap<string, ValueTemplate>;
  /** What `--set` gives: stronger than all other variables. */
  set: ReadonlyMap<string, Value>;
  /** Only these of the hosts that were known before the run. */
  limit?: ReadonlySet<string>;
  /** The hosts that were known before the run. */
  known: ReadonlySet<string>;
  /** The hosts and groups that tasks may add. */
  joining: JoiningNames;
}

/** The bodies around something, the innermost first. */
export function* bodiesAround({ within }: { within?: PlannedBody }): Generator<PlannedBody> {
  for (let body = within; body; body = body.block.within) yield body;
}
