import type { Faults } from './faults.ts';
import type { Instance, LoggedCall } from './types.ts';

/** What all services of one fake share. */
export interface Cloud {
  instances: Map<string, Instance>;
  faults: Faults;
  calls: LoggedCall[];
  region: string;
  account: string;
  /** Real milliseconds in so many seconds of AWS. */
  milliseconds(seconds: number): number;
  /** Runs later, unless the fake has been closed by then; gives what calls it off. */
  after(ms: number, task: () => void): () => void;
  url: string;
}
