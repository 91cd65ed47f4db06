import type { Status } from './event.ts';
import type { Fields, Value } from './value.ts';

/** What a check run found out about one step of one host. Hashes are sha256 over the plan's salt and the text. */
export interface SavedStep {
  id: string;
  task: string;
  module: string;
  status: Status;
  /** Of its parameters as filled in; missing where they could not be. */
  params?: string;
  /** What was seen and what is wanted, for people: masked, hashes cut short. */
  seen?: string;
  wanted?: string;
  /** Hash of both in full: what the host compares before it changes anything. */
  state?: string;
  /** An earlier step of the plan may change what this one looks at, so that it is not held to what was seen. */
  loose?: true;
}

/** A host in the order of the run. */
export interface SavedHost {
  /** Hash of its variables. */
  vars: string;
  steps: SavedStep[];
}

/** A parameter: its value, or a salted hash of a secret one. */
export type SavedParam = { value: Value } | { secret: string };

/** The file that `play plan` writes. */
export interface SavedPlan {
  format: 1;
  created: string;
  playbook: string;
  salt: string;
  /** sha256 of every file that was read, by path from the working directory. */
  files: Record<string, string>;
  options: Fields;
  params: Record<string, SavedParam>;
  /** Hosts of every play, in order. */
  plays: { name: string; hosts: string[] }[];
  hosts: Record<string, SavedHost>;
  /** sha256 of all the rest: tells whether it was edited. */
  seal: string;
}

/** What a step is held to: the host hashes what it sees and what is wanted, and changes nothing when that is something else. */
export interface StateGuard {
  salt: string;
  state: string;
  /** Only the last lines count: of an edit, the sums of the text. */
  lastLine: boolean;
  /** What was seen and wanted when it was planned, for people. */
  seen: string;
  wanted: string;
}
