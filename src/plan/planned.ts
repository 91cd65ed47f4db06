import type { Expression, Reference } from '../expr/expression.ts';
import type { Module } from '../model/module.ts';
import type { Become, Play, Playbook, Task } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import type { Template } from '../template/template.ts';
import type { CompiledCondition, ShellTemplate, ValueTemplate, WordsTemplate } from '../template/text-compiler.ts';

/** One parameter of a task, compiled the way its module wants it. */
export type PlannedParam =
  | { name: string; kind: 'value'; template: ValueTemplate }
  | { name: string; kind: 'shell'; shell: ShellTemplate; written: Value }
  | { name: string; kind: 'words'; words: WordsTemplate; written: Value }
  | { name: string; kind: 'condition'; written: Value };

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
  becomeUser?: Template;
  tags: string[];
  /** Everything that the task reads, with places. */
  references: Reference[];
}

/** A play with its hosts resolved and its tasks compiled. */
export interface PlannedPlay {
  play: Play;
  hosts: string[];
  tasks: PlannedTask[];
  handlers: PlannedTask[];
  vars: ReadonlyMap<string, ValueTemplate>;
  /** Names of the fact groups that the play uses; empty: none is gathered. */
  factGroups: string[];
}

/** The whole run, known before any host is contacted. */
export interface Plan {
  playbook: Playbook;
  plays: PlannedPlay[];
  vars: ReadonlyMap<string, ValueTemplate>;
}

/** A value that stands by itself, for compiling what has no file. */
export function located<T>(value: T, like: Located<unknown>): Located<T> {
  return { value, locate: (path, side) => like.locate(path, side) };
}
