import { arranged } from '../../problems/order.ts';
import type { Problem } from '../../problems/problem.ts';
import { findMissingBarriers } from './barriers.ts';
import type { WarningContext } from './context.ts';
import { findFilesWrittenTwice } from './files-written-twice.ts';
import { findUnusedHandlers } from './handlers.ts';
import { findNestedPrograms } from './nested-programs.ts';
import { findSecretVariables } from './secret-variables.ts';
import { findSecretsInCommands } from './secrets-in-commands.ts';
import { findUnreachable } from './unreachable.ts';
import { findEquallyStrong } from './variables-twice.ts';

const CHECKS = [
  findNestedPrograms,
  findSecretsInCommands,
  findSecretVariables,
  findUnreachable,
  findUnusedHandlers,
  findMissingBarriers,
  findFilesWrittenTwice,
  findEquallyStrong,
];

/** Everything that is allowed and probably not meant. */
export function findWarnings(context: WarningContext): Problem[] {
  return arranged(
    CHECKS.flatMap((check) => check(context)),
    context.sources,
  );
}
