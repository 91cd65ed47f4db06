import type { Expression, Reference } from '../expr/expression.ts';
import type { Module } from '../model/module.ts';
import type { Become, Play, Playbook, Task } from '../model/playbook.ts';
import type { Scope } from '../model/scope.ts';
import type { Value } from '../model/value.ts';
import type { Template } from '../template/template.ts';
import type { CompiledCondition, ShellTemplate, ValueTemplate, WordsTemplate } from '../template/text-compiler.ts';

/** One parameter of a task, compiled the way its module wants it. */
export type PlannedParam =
  | { name: string; kind: 'value'; template: ValueTemplate }
  | { name: string; kind: 'shell'; shell: ShellTemplate; written: Value }
  | { name: string; kind: 'words'; words: WordsTemplate; written: Value }
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
  /** Reads it as a run would. Throws what rendering throws. */
  evaluate(scope: Scope): void;
}

/** A task with everything in it compiled once, for all hosts. */
export interface PlannedTask {
  task: Task;
  module: Module;
  name: Template | undefined;
  params: PlannedParam[];
  /** No parameter depends on anything: they were checked while parsing. */
  isStatic: boolean;
  when: CompiledCondition[];
  changedWhen: CompiledCondition[];
  failedWhen: CompiledCondition[];
  until: CompiledCondition[];
  loop?: { kind: 'list'; template: ValueTemplate } | { kind: 'expression'; expression: Expression };
  loopLabel?: Template;
  vars?: ReadonlyMap<string, ValueTemplate>;
  env: ReadonlyMap<string, ValueTemplate>;
  cwd?: Template;
  delegateTo?: Template;
  become?: Become;
  /** Its own word, or that of its play. */
  noLog: boolean;
  becomeUser?: Template;
  tags: string[];
  /** Every text of the task that reads names; its own variables are read through them. */
  readings: Reading[];
}

/** A play with its hosts resolved and its tasks compiled. */
export interface PlannedPlay {
  play: Play;
  hosts: string[];
  tasks: PlannedTask[];
  /** Tasks that `--tags` or `--skip-tags` leaves out. */
  leftOut: PlannedTask[];
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
}
