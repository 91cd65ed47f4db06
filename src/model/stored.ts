import type { SecretStore } from './transport.ts';

/** A value that a text asks of a store of AWS. */
export interface StoredUse {
  service: SecretStore['service'];
  /** As the author wrote it: a name, perhaps with a version, or an ARN. */
  name: string;
  /** A field of a secret that is JSON; undefined: the whole text. */
  key?: string;
}
