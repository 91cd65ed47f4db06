import type { Located, Span } from './span.ts';
import type { Value } from './value.ts';

/** One place that gives a variable a value. The last definition in a list wins; the others stay for `why` and for messages. */
export interface Definition {
  value: Value;
  /** The layer it came from, in words: `group web`, `host web1`, `group_vars/web.yml`. */
  layer: string;
  at?: Span;
  /** Locates the parts of a list or a mapping. */
  locate?: Located<Value>['locate'];
  /** True when it is data and must never be rendered (executable inventory, --set, facts); author text is rendered. */
  data?: boolean;
}

/** A managed machine, with all its inventory variables, weakest definition first. */
export interface Host {
  name: string;
  /** Names of all groups it is in, parents included, `all` first. */
  groups: string[];
  vars: Map<string, Definition[]>;
  /** This machine, not listed by any source: matched only by its own name, in no group. */
  implicit?: true;
}

/** A named set of hosts, its child groups' hosts included. */
export interface Group {
  name: string;
  hosts: string[];
  children: string[];
}

/** Every host and group that was read, in the order of the files. */
export interface Inventory {
  hosts: Map<string, Host>;
  groups: Map<string, Group>;
  /** The files and inline lists it was read from. */
  sources: string[];
  /** What each group says for its hosts, the weakest group first: hosts that join later get it too. */
  groupVars: Map<string, Map<string, Definition[]>>;
  /** How often tasks have added to it. */
  changes: number;
}
