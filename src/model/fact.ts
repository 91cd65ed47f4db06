import type { Sh } from './resource.ts';
import type { Value } from './value.ts';

/** One group of facts: what can be asked of a host and how its answer is read. */
export interface FactGroup {
  /** The name after `facts.`. */
  name: string;
  /** One sentence. */
  summary: string;
  /** Only reads, under LC_ALL=C with nothing but POSIX tools and what is tried for; ended after 5 s. */
  program: Sh;
  /** Reads what the program printed; never throws, whatever a host says. */
  parse(text: string): Value;
  /** What `parse` gives for some host, with every field: what a condition finds there has its types. */
  example: Value;
  /** Dotted name below `facts` → one sentence. */
  fields: Record<string, string>;
}
