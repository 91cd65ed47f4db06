import type { Span } from './span.ts';
import type { Value } from './value.ts';

/** What a parameter may be. */
export const paramTypes = [
  'string',
  'int',
  'number',
  'bool',
  'enum',
  'list',
  'map',
  'path',
  'duration',
  'size',
  'secret',
] as const;

/** One of them: `duration` is a number of seconds, `size` of bytes, `path` an absolute path once it is known, `secret` a masked text. */
export type ParamType = (typeof paramTypes)[number];

/** What a playbook or a role says of one of its parameters. */
export interface ParamDeclaration {
  name: string;
  type: ParamType;
  required: boolean;
  /** Already of the type, unless it holds a template. */
  default?: Value;
  enum?: Value[];
  /** A regular expression that the whole text must match. */
  pattern?: string;
  /** Least and most: of a number, of seconds or bytes, of the length of a text or list. */
  min?: number;
  max?: number;
  /** Environment variable that gives the value when the command line does not. */
  env?: string;
  /** Given by its place behind the playbook, too; a list takes all words that are left. */
  positional?: true;
  /** Ask on a terminal when nothing else gives it; a text is the question. */
  prompt?: boolean | string;
  confirm: boolean;
  /** Never shown, and asked for without echo. */
  secret: boolean;
  help?: string;
  at: Span;
}
