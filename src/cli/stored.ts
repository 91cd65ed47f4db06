import { findStored, type StoredOptions } from '../analyze/stored.ts';
import type { PlacedUse } from '../analyze/stored-collector.ts';
import { permissionFor } from '../aws/values/stored-places.ts';
import { createStoredValues } from '../aws/values/stored-values.ts';
import type { Sources } from '../model/span.ts';
import type { StoredUse } from '../model/stored.ts';
import { linesOf } from '../problems/lines.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { Secrets } from '../secrets/registry.ts';
import { quietSdk } from './quiet-sdk.ts';
import type { Surroundings } from './surroundings.ts';

/** Values of Parameter Store and Secrets Manager in one command. */
export interface Stored {
  /** For functions: undefined before a run, and in what only checks. Throws ProblemError for a value that the run did not read. */
  value(use: StoredUse): string | undefined;
  /** What a run needs; nothing is asked of AWS. */
  find(options: Looked): Promise<{ uses: PlacedUse[]; problems: Problem[] }>;
  /** Reads all that a run needs. From then on nothing more is read. */
  read(options: Looked): Promise<Problem[]>;
}

type Looked = Omit<StoredOptions, 'read'>;

/** Everything that is read is a secret of the run. */
export function createStored(around: Pick<Surroundings, 'env'>, secrets: Secrets): Stored {
  const values = createStoredValues({
    env: around.env,
    learn: (value, source, name) => secrets.addStored(value, { name, ...(source && { source }) }),
  });
  let isRead = false;
  const find = (options: Looked): ReturnType<Stored['find']> => findStored({ ...options, read: values.get });
  return {
    find,
    value(use) {
      const value = values.get(use);
      if (value === undefined && isRead) throw new ProblemError(problem('E_STORED_NAME', { call: written(use) }));
      return value;
    },
    async read(options) {
      for (;;) {
        const { uses, problems } = await find(options);
        if (problems.length > 0) return problems;
        if (uses.length === 0) break;
        quietSdk(around.env);
        // With these values, conditions and names may lead to others.
        const failed = await values.read(uses);
        if (failed.length > 0) return failed;
      }
      isRead = true;
      return [];
    },
  };
}

/** What a run will ask of AWS and the permissions for that, as lines for people. */
export function storedNotes(uses: readonly PlacedUse[], sources: Sources): string[] {
  if (uses.length === 0) return [];
  const permissions = new Map<string, string[]>();
  for (const { use, at } of uses) {
    const { action, resource } = permissionFor(use);
    const place = at && `${at.file}:${linesOf(sources.get(at.file) ?? '').at(at.start).line}`;
    const key = `${action} on ${resource}`;
    permissions.set(key, [...(permissions.get(key) ?? []), ...(place === undefined ? [] : [place])]);
  }
  const what = uses.length === 1 ? 'a value' : `${uses.length} values`;
  return [
    `note: a run first reads ${what} of AWS, and its identity needs:`,
    ...[...permissions].map(
      ([each, places]) => `  ${each}${places.length > 0 ? ` (${[...new Set(places)].join(', ')})` : ''}`,
    ),
    '  kms:Decrypt on the keys of those that are not encrypted with the key of AWS',
  ];
}

function written({ service, name, key }: StoredUse): string {
  const args = [name, ...(key === undefined ? [] : [key])].map((each) => JSON.stringify(each)).join(', ');
  return `${service === 'ssm' ? 'ssm' : 'secret'}(${args})`;
}
