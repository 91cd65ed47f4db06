import type { EmbeddedExpression } from './scan.ts';

/** UTF-16 offsets in the template's source. */
export interface Range {
  start: number;
  end: number;
}

/** A name with fields, as in `users.[0].name`, `../x`, `this.name`, `@index`. */
export interface PathOperand {
  kind: 'path';
  /** As a person would write it, for messages. */
  written: string;
  parts: string[];
  /** How many `../` stand before it. */
  depth: number;
  /** Starts with `this` or `./`: only the item itself is looked at. */
  scoped: boolean;
  /** Starts with `@`. */
  data: boolean;
  range: Range;
}

/** A helper with its arguments. */
export interface CallOperand {
  kind: 'call';
  helper: string;
  args: Operand[];
  range: Range;
}

/** What stands where a value is wanted. */
export type Operand =
  | PathOperand
  | CallOperand
  | { kind: 'literal'; value: string | number | boolean; range: Range }
  | { kind: 'expression'; embedded: EmbeddedExpression; range: Range };

/** A template as a tree. */
export type Node =
  | { kind: 'text'; text: string; range: Range }
  | { kind: 'value'; operand: Operand; raw: boolean; range: Range }
  | { kind: 'if'; test: Operand; negated: boolean; yes: Node[]; no: Node[] }
  | { kind: 'each' | 'with'; over: Operand; params: string[]; body: Node[]; otherwise: Node[] };
