/**
 * What a module of an author's imports from `play/module`: the tag that quotes shell text, and the shapes of modules.
 * `HostModule<{ path: string }>` types the parameters that `resource` gets; their schema is plain JSON Schema.
 */
import type { ControllerContext, ControllerResult, ModuleContext } from '../model/module.ts';
import type { Resource } from '../model/resource.ts';
import type { Fields } from '../model/value.ts';

export type { ControllerContext, ControllerResult, ModuleContext } from '../model/module.ts';
export type { Action, AuthorCode, Converge, Edit, Outcome, Resource, Sh, Verdict } from '../model/resource.ts';
export type { Fields, Value } from '../model/value.ts';
export { sh } from '../program/sh.ts';

/** What every module says about itself. */
interface About {
  /** The YAML key, equal to the name of the file. */
  name: string;
  /** One sentence: what is true after the task. */
  summary: string;
  /** JSON Schema of the parameters: `{ type: 'object', properties: { … }, required: [ … ] }`. */
  params: object;
  /** Fields of `register` beside the common ones, with one sentence each. Left out: it may have any. */
  result?: Record<string, string>;
  /** Variables that become the host's, with one sentence each. */
  facts?: Record<string, string>;
  /** Tasks as they stand in a playbook. */
  examples?: object[];
  /** A second run changes nothing. */
  idempotent?: boolean;
  /** The parameter that a bare scalar stands for. */
  shorthand?: string;
  exclusive?: string[][];
  requireOne?: string[][];
  reads?: Record<string, 'files' | 'templates'>;
}

/** A task that becomes a program for the host's shell. */
export interface HostModule<P = Fields> extends About {
  on: 'host';
  resource(params: P, context: ModuleContext): Resource | Promise<Resource>;
}

/** A task that runs in Node, beside play. */
export interface ControllerModule<P = Fields> extends About {
  on: 'controller';
  /** It heeds `context.check` and changes nothing then. Left out: it does not run in check mode. */
  check?: boolean;
  run(params: P, context: ControllerContext): ControllerResult | Promise<ControllerResult>;
}
